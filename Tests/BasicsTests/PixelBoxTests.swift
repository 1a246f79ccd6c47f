import Basics
import Testing

@Suite struct PixelBoxTests {
    @Test(arguments: [
        ("[1, 2, 3, 4]", [1, 2, 3, 4]), ("1,2,3,4", [1, 2, 3, 4]), (" [0.4, 0.6, 9.2, 9] ", [0, 1, 10, 9]),
        // As Python's round(): halves to even, of the corners and not of the sides.
        ("[0.5, 1.5, 2, 2]", [0, 2, 2, 2]), ("[-3, -2, 10, 10]", [-3, -2, 10, 10]),
    ])
    func `A box covers the pixels that Pillow would crop`(text: String, numbers: [Int]) throws {
        let box = try #require(PixelBox(parsing: text))
        #expect([box.x, box.y, box.width, box.height] == numbers)
        #expect(PixelBox(parsing: box.text) == box)
    }

    @Test(arguments: [
        "", "[]", "[1, 2, 3]", "[1, 2, 3, 4, 5]", "[a, 2, 3, 4]", "[1, 2, 0, 4]", "[1, 2, -3, 4]", "[nan, 0, 1, 1]",
        "[inf, 0, 1, 1]", "[1e300, 0, 1, 1]", "[1,,3,4]", "[0, 0, 0.2, 5]",
    ])
    func `An invalid box is not read`(text: String) { #expect(PixelBox(parsing: text) == nil) }

    @Test func `The part outside a picture is cut off, and nothing is left of a box entirely outside`() {
        let box = PixelBox(x: -5, y: 10, width: 20, height: 50)
        #expect(box?.clipped(toWidth: 10, height: 40) == PixelBox(x: 0, y: 10, width: 10, height: 30))
        #expect(PixelBox(x: 10, y: 0, width: 5, height: 5)?.clipped(toWidth: 10, height: 40) == nil)
        #expect(PixelBox(x: 999_999_999, y: 0, width: 1, height: 1)?.clipped(toWidth: 10, height: 40) == nil)
    }
}
