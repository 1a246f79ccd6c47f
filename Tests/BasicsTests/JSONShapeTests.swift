import Testing

@testable import Basics

/// The form of a type's JSON, without a value of the type.
@Suite struct JSONShapeTests {
    private enum Side: String, Codable, CaseIterable, CodingKeyRepresentable { case left, right }
    /// Not `CaseIterable`, so no value is known.
    private enum Secret: String, Codable { case one }

    private struct Inner: Codable {
        let share: Double?
        @OrNull private(set) var note: String?
    }

    private struct Outer: Codable {
        let count: Int
        let side: Side
        let isLast: Bool
        let inner: Inner?
        let range: ClosedRange<Double>
        let inners: [Inner]
        let named: [String: Inner]
        let sides: [Side: Double]
        let open: JSONValue
    }

    @Test func `Every path of a type has its kind, also those of values that can be absent`() throws {
        let paths = try JSONShape(of: Outer.self).paths.map { "\($0.path): \($0.kind)" }
        #expect(
            paths == [
                "count: whole number", "inner.note: text", "inner.share: number", "inners: list",
                "isLast: true or false", "named.NAME.note: text", "named.NAME.share: number", "open: any JSON",
                "range: list", "side: text", "sides.left: number", "sides.right: number",
            ])
    }

    @Test func `A member is found by its name, by any name in a dictionary, and nowhere below a single value`() throws {
        let shape = try JSONShape(of: Outer.self)
        #expect(shape["named"]?["anything"]?["share"] == .number)
        #expect(shape["sides"]?["top"] == nil)
        #expect(shape["count"]?["more"] == nil)
        #expect(shape["inners"]?["0"] == .anything)
        #expect(shape["open"]?["below"] == .anything)
    }

    @Test func `An enumeration whose cases are not known is an error`() {
        #expect(throws: DecodingError.self) { try JSONShape(of: Secret.self) }
    }
}
