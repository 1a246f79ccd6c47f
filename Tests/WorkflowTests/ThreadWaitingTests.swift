import Testing

@testable import Workflow

/// How the worker's threads wait, depending on the machine's load.
struct ThreadWaitingTests {
    @Test func `Threads sleep next to a busy process and spin briefly on an idle machine`() {
        func variables(busy: Double?, threads: Int) -> [String: String] {
            ThreadWaiting.variables(busy: busy, threads: threads, cores: 4, given: [:])
        }
        #expect(variables(busy: 1, threads: 4) == ["OMP_WAIT_POLICY": "passive"])
        #expect(variables(busy: 0.1, threads: 4) == ["GOMP_SPINCOUNT": "10000"])
        #expect(variables(busy: nil, threads: 4) == ["GOMP_SPINCOUNT": "10000"])
        #expect(variables(busy: 2, threads: 2) == ["GOMP_SPINCOUNT": "10000"], "two jobs with two cores each")
    }

    @Test func `Threads sleep if there are more threads than cores`() {
        #expect(ThreadWaiting.variables(busy: 0, threads: 3, cores: 2, given: [:]) == ["OMP_WAIT_POLICY": "passive"])
        #expect(ThreadWaiting.variables(busy: 0, threads: 2, cores: 2, given: [:]) == ["GOMP_SPINCOUNT": "10000"])
    }

    @Test(arguments: ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"])
    func `The user's own setting for waiting threads is kept`(name: String) {
        #expect(ThreadWaiting.variables(busy: 2, given: [name: "x"]).isEmpty)
    }

    @Test func `Cores in use are counted from the kernel's ticks`() throws {
        let before = try #require(ThreadWaiting.Times("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3"))
        let after = try #require(ThreadWaiting.Times("cpu  110 0 50 808 52 0 0 0 0 0"))
        #expect(after.coresInUse(since: before, cores: 2) == 1)
        #expect(before.coresInUse(since: before, cores: 2) == nil)
        #expect(ThreadWaiting.Times("intr 1 2") == nil && ThreadWaiting.Times("cpu  1 2") == nil)
    }
}
