import Basics
import Drawing
import Imaging
import Testing

@testable import Figures

struct WorkflowGraphTests {
    /// The workflow of an ensemble, in the program's order.
    static func graph(
        members: [String], seeds: Int, state: (Int) -> WorkflowState = { _ in .fresh }
    ) -> WorkflowGraph {
        var nodes: [WorkflowGraph.Node] = []
        func add(_ stage: String, _ title: String, _ upstream: [String]) {
            let state = state(nodes.count)
            nodes.append(
                WorkflowGraph.Node(
                    name: "\(stage) \(title)", stage: stage, title: title, state: state,
                    seconds: state == .missing ? nil : 4000, upstream: upstream))
        }
        let runs = (1...seeds).flatMap { seed in members.map { "\($0) seed \(seed)" } }
        add("split", "fold 0", [])
        for run in runs { add("train", run, ["split fold 0"]) }
        for run in runs { add("embed", run, ["train \(run)"]) }
        for stage in ["search", "expand"] {
            for seed in 1...seeds {
                add(stage, "seed \(seed)", ["split fold 0"] + members.map { "embed \($0) seed \(seed)" })
            }
        }
        let rankings = ["search", "expand"].flatMap { stage in (1...seeds).map { "\(stage) seed \($0)" } }
        add("evaluate", "all", ["split fold 0"] + rankings)
        return WorkflowGraph(nodes: nodes)
    }

    private static func layout(_ graph: WorkflowGraph) throws -> WorkflowLayout {
        var layout: WorkflowLayout?
        _ = try Canvas.raster(width: 1, height: 1) { layout = WorkflowLayout(graph, on: $0) }
        return try #require(layout)
    }

    private static let large = graph(members: ["convnext", "b5", "b7"], seeds: 3)

    @Test func `Arrows that others imply are left out of the picture, not of the data`() {
        let graph = Self.graph(members: ["lite0"], seeds: 1)
        let names = graph.arrows.map { "\(graph.nodes[$0.from].stage) \(graph.nodes[$0.to].stage)" }
        #expect(
            names == [
                "split train", "train embed", "embed search", "embed expand", "search evaluate", "expand evaluate",
            ]
        )
        #expect(graph.data[path: "nodes.3.upstream"]?.array == ["split fold 0", "embed lite0 seed 1"])
    }

    @Test(arguments: [(["lite0"], 1), (["lite0"], 3), (["convnext", "b5", "b7"], 3)])
    func `Stages are in columns from left to right, and boxes neither touch nor leave the figure`(
        members: [String], seeds: Int
    ) throws {
        let graph = Self.graph(members: members, seeds: seeds)
        let layout = try Self.layout(graph)
        let size = try graph.size
        for (index, box) in layout.boxes.enumerated() {
            #expect(box.x > 0 && box.y > 0 && box.maxX < size.width && box.maxY < size.height)
            for other in layout.boxes[..<index] {
                #expect(box.x >= other.maxX + 20 || other.x >= box.maxX + 20 || abs(box.y - other.y) >= box.height + 8)
            }
        }
        for arrow in graph.arrows { #expect(layout.boxes[arrow.from].maxX < layout.boxes[arrow.to].x) }
    }

    @Test(arguments: [(["lite0"], 1), (["lite0"], 2), (["convnext", "b5", "b7"], 3)])
    func `An arrow connects its two nodes and passes through no other box`(members: [String], seeds: Int)
        throws
    {
        let graph = Self.graph(members: members, seeds: seeds)
        let layout = try Self.layout(graph)
        #expect(layout.routes.count == graph.arrows.count)
        let ends = Set(layout.routes.map { [$0.points[0].x, $0.points[0].y, $0.points.last!.x, $0.points.last!.y] })
        let wanted = Set(
            graph.arrows.map { arrow in
                let (from, to) = (layout.boxes[arrow.from], layout.boxes[arrow.to])
                return [from.maxX, from.center.y, to.x, to.center.y]
            })
        #expect(ends == wanted)
        for route in layout.routes {
            // Lines bend between columns and are level within one, where alone they can meet a box.
            for (one, other) in zip(route.points, route.points.dropFirst()) where one.y == other.y {
                for box in layout.boxes where abs(box.center.y - one.y) < box.height / 2 {
                    #expect(other.x <= box.x || one.x >= box.maxX, "\(one) to \(other) meets \(box)")
                }
            }
        }
    }

    @Test func `A large workflow keeps its letters readable across a page`() throws {
        #expect(try Self.large.size.width < 1000)
        #expect(try 400...620 ~= Self.large.size.height)
        #expect(try Self.graph(members: ["lite0"], seeds: 1).size.height < 180)
    }

    @Test func `A long name is cut at the border`() throws {
        let graph = Self.graph(members: [String(repeating: "long ", count: 30)], seeds: 1)
        #expect(try graph.size.width < 1000)
    }

    /// The pixels of a badge that have ink, whatever its colour.
    private static func shape(of state: WorkflowState) throws -> Set<Int> {
        let raster = try Canvas.raster(width: 30, height: 30) { state.drawBadge(at: Point(15, 15), on: $0) }
        return Set((0..<900).filter { raster[$0 % 30, $0 / 30].green < 225 })
    }

    @Test func `Badges of different states differ in shape when every colour is the same`() throws {
        let shapes = try WorkflowState.allCases.map { ($0, try Self.shape(of: $0)) }
        for (index, (state, shape)) in shapes.enumerated() {
            #expect(!shape.isEmpty)
            for (other, otherShape) in shapes[..<index] {
                let shared = Double(shape.intersection(otherShape).count) / Double(shape.union(otherShape).count)
                #expect(shared < 0.8, "\(state) and \(other)")
            }
        }
    }

    @Test func `The alternative text has the number of each state and the nodes that are not fresh`() {
        let graph = Self.graph(members: ["lite0"], seeds: 1) { $0 == 1 ? .stale : $0 == 5 ? .missing : .fresh }
        #expect(
            graph.alternativeText
                == "The workflow from left to right: split, train, embed, search, expand, evaluate. "
                + "6 nodes: 4 fresh, 1 stale, 1 missing. Not fresh: train lite0 seed 1, evaluate all.")
        #expect(Self.large.alternativeText.hasSuffix("26 nodes: 26 fresh."))
        #expect(WorkflowGraph(nodes: []).alternativeText == "A workflow without nodes.")
    }

    @Test func `Every state, and a workflow without nodes, are drawn with the same bytes twice`() throws {
        let states = WorkflowState.allCases
        let mixed = Self.graph(members: ["a", "b"], seeds: 2) { states[$0 % states.count] }
        for graph in [mixed, WorkflowGraph(nodes: [])] {
            #expect(try graph.svg() == graph.svg())
            let raster = try graph.raster()
            let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
            #expect(ink.x.upperBound < raster.width - 2 && ink.y.upperBound < raster.height - 2)
        }
    }
}
