import Catalog
import Testing

@Suite struct ViewpointTests {
    @Test func `Any name is kept, in lower case, and an empty one is unknown`() {
        #expect(Viewpoint("Front").rawValue == "front")
        #expect(Viewpoint("") == .unknown && Viewpoint("LEFT") == .left)
        #expect(!Viewpoint.unknown.isLateral && !Viewpoint.top.isLateral && Viewpoint.right.isLateral)
    }

    @Test func `Tables list the competition's viewpoints first and the unknown one last`() {
        let viewpoints: [Viewpoint] = [.unknown, Viewpoint("up"), .right, Viewpoint("back"), .top, .right]
        #expect(Viewpoint.inOrder(viewpoints).map(\.rawValue) == ["top", "right", "back", "up", "unknown"])
    }
}
