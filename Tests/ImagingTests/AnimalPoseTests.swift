import Basics
import Testing

@testable import Imaging

/// How photographs are turned to be compared.
@Suite struct PoseTests {
    private static let lying = PictureSides(width: 90, height: 40)
    private static let upright = PictureSides(width: 40, height: 90)

    /// The turns of a lying and of an upright photograph among long ones.
    private static let cases: [(side: AnimalPose.Side, heading: Heading, lying: Turn, upright: Turn)] = [
        (.aboveOrBelow, .left, .none, .none), (.aboveOrBelow, .up, .left, .left),
        (.aboveOrBelow, .right, .around, .around), (.aboveOrBelow, .down, .right, .right),
        (.leftFlank, .left, .none, .none), (.leftFlank, .up, .none, .left), (.leftFlank, .right, .none, .none),
        (.leftFlank, .down, .none, .right), (.rightFlank, .left, .none, .none), (.rightFlank, .up, .none, .right),
        (.rightFlank, .right, .none, .none), (.rightFlank, .down, .none, .left), (.other, .left, .none, .none),
        (.other, .up, .none, .left), (.other, .right, .none, .none), (.other, .down, .none, .right),
    ]

    @Test func `From above the head comes to the left, and a flank that lies stays`() {
        for (side, heading, lying, upright) in Self.cases {
            let pose = AnimalPose(heading: heading, side: side)
            #expect(pose.turn(of: Self.lying, amongLong: true) == lying, "\(side) \(heading)")
            #expect(pose.turn(of: Self.upright, amongLong: true) == upright, "\(side) \(heading)")
            // Faces and other photographs that are not long stand, except from above.
            let standing = side == .aboveOrBelow ? upright : .none
            #expect(pose.turn(of: Self.upright, amongLong: false) == standing, "\(side) \(heading)")
            #expect(pose.turn(of: nil, amongLong: true) == standing, "\(side) \(heading)")
        }
    }

    @Test(arguments: [AnimalPose.Side.leftFlank, .rightFlank, .aboveOrBelow, .other])
    func `Without a known head an upright photograph lies among long ones`(side: AnimalPose.Side) {
        let pose = AnimalPose(side: side)
        #expect(pose.turn(of: Self.upright, amongLong: true) == .left)
        #expect(pose.turn(of: Self.lying, amongLong: true) == .none)
        #expect(pose.turn(of: Self.upright, amongLong: false) == .none)
    }

    @Test(arguments: Turn.allCases)
    func `A point, a heading and the pixels turn alike`(turn: Turn) {
        var picture = Raster(width: 4, height: 2)
        picture[0, 1] = (255, 0, 0)
        let turned = picture.turned(turn)
        #expect((turned.width == 2) == turn.swapsSides)
        let (x, y) = turn.place(x: 0.125, y: 0.75)
        #expect(turned[Int(x * Double(turned.width)), Int(y * Double(turned.height))] == (255, 0, 0))
        // The left edge, to which the head points, comes to the top by a turn to the right.
        let heads: [Turn: Heading] = [.none: .left, .right: .up, .around: .right, .left: .down]
        #expect(Heading.left.turned(quarters: turn.rawValue) == heads[turn])
        #expect(Heading.left.turn(to: Heading.left.turned(quarters: turn.rawValue)) == turn)
        #expect(Heading.left.turned(quarters: turn.rawValue - 8) == heads[turn])
    }
}
