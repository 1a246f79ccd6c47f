import Results
import Testing

@testable import Workflow

/// Which nodes run at the same time.
struct JobSlotsTests {
    private let one = Node(.train, member: "m", seed: 1, fold: 0)
    private let two = Node(.train, member: "m", seed: 2, fold: 0)
    private let search = Node(.search, seed: 1, fold: 0)

    @Test func `Nodes start while there is a free job and memory for all of them`() {
        var slots = JobSlots(count: 3, memory: 10, cards: [])
        _ = slots.take(one, .init(bytes: 4))
        #expect(slots.admit(.init(bytes: 6)) && !slots.admit(.init(bytes: 7)))
        _ = slots.take(two, .init(bytes: 4))
        _ = slots.take(search, .init(bytes: 1, usesWorker: false))
        #expect(!slots.admit(.init(bytes: 0)), "all jobs are taken")
        slots.release(two)
        #expect(slots.admit(.init(bytes: 5)))
        #expect(!slots.admit(.init(bytes: 5, usesWorker: false)), "the runner's own process works on one node")
    }

    @Test func `A node that needs more than all memory runs alone`() {
        var slots = JobSlots(count: 2, memory: 10, cards: [])
        #expect(slots.admit(.init(bytes: 100)))
        _ = slots.take(one, .init(bytes: 100))
        #expect(!slots.admit(.init(bytes: 0.1)))
        slots.release(one)
        _ = slots.take(two, .init(bytes: 1))
        #expect(!slots.admit(.init(bytes: 100)), "it waits until it can be alone")
    }

    @Test func `Each graphics card has one node at a time`() {
        var slots = JobSlots(count: 4, memory: 10, cards: [0, 2])
        #expect(slots.take(one, .init(usesCard: true)) == 0)
        #expect(slots.take(two, .init(usesCard: true)) == 2)
        #expect(!slots.admit(.init(usesCard: true)) && slots.admit(.init()))
        slots.release(one)
        #expect(slots.take(search, .init(usesCard: true)) == 0)
    }

    @Test func `A plan takes as long as its jobs need, and never less than its longest chain`() {
        let graph = NodeGraph(members: [("m", [0])], seeds: [1, 2, 3], folds: [0], explains: false, reduces: false)
        let nodes = graph.nodes.filter { [.train, .embed].contains($0.stage) }
        func packing(_ jobs: Int, memory: Double = 100) -> Packing {
            Packing(
                nodes, after: graph.upstream, in: JobSlots(count: jobs, memory: memory, cards: []),
                need: { _ in .init(bytes: 4) }, seconds: { $0.stage == .train ? 10 : 1 })
        }
        #expect(packing(1).seconds == 33)
        // Two trainings, then the third next to two embeddings, then its own embedding.
        #expect(packing(2).seconds == 21)
        #expect(packing(3).seconds == 11 && packing(9).seconds == 11)
        #expect(packing(3, memory: 8).seconds == 21, "memory for two at a time")
        #expect(packing(2).chainSeconds == 11)
        #expect(packing(2).longestChain.map(\.stage) == [.train, .embed])
        #expect(
            Packing(
                [], after: { _ in [] }, in: JobSlots(count: 2, memory: 1, cards: []), need: { _ in .init() },
                seconds: { _ in 1 }
            ).seconds == 0)
    }

    @Test func `The kernel's and the control group's reports of memory are read`() {
        let meminfo = "MemTotal:  2000 kB\nMemAvailable:    1000 kB\n"
        #expect(AvailableMemory.bytes(meminfo: meminfo, limit: nil, use: nil) == 1_024_000)
        #expect(AvailableMemory.bytes(meminfo: meminfo, limit: "max\n", use: "5\n") == 1_024_000)
        #expect(AvailableMemory.bytes(meminfo: meminfo, limit: "5000\n", use: "2000\n") == 3000)
        #expect(AvailableMemory.bytes(meminfo: nil, limit: "5000", use: "6000") == 0)
        #expect(AvailableMemory.bytes(meminfo: "x", limit: nil, use: nil) == nil)
        #expect(AvailableMemory.bytes > 1e6)
    }
}
