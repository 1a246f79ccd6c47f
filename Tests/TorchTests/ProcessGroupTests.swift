import Foundation
import Synchronization
import TestSupport
import Testing
import Torch

/// Groups of three ranks, each on a thread of its own, that meet in a file and connect over loopback.
struct ProcessGroupTests {
    private static let count = 3

    /// The results of every rank, in their order.
    private static func ranks<Result: Sendable>(
        _ body: @Sendable @escaping (ProcessGroup) throws -> Result
    ) throws -> [Result] {
        let file = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
        let all = DispatchGroup()
        for rank in 0..<count {
            all.enter()
            Thread.detachNewThread {
                let result = Swift.Result {
                    let group = try ProcessGroup(
                        store: .file(file, count: count), rank: rank, count: count, localRank: rank,
                        address: .numeric("127.0.0.1"), seconds: 60, joining: 60)
                    return try body(group)
                }
                results.withLock { $0[rank] = result }
                all.leave()
            }
        }
        #expect(all.wait(timeout: .now() + 120) == .success, "a rank hangs")
        return try results.withLock { results in try (0..<count).map { try #require(results[$0]).get() } }
    }

    @Test func `Sums, the root's numbers and everyone's arrive at every rank`() throws {
        let found = try Self.ranks { group -> [[Double]] in
            let own = Double(group.rank + 1)
            let small = try Tensor([own, 10 * own], shape: [2])
            // More than one bucket of 25 MiB, and another type in between.
            let large = try Tensor(repeating: own, shape: [2000, 2000])
            let others = try Tensor(repeating: own, shape: [2000, 2000])
            try group.sum([small, large, others])
            let root = try Tensor([Float(group.rank), 7], shape: [2])
            try group.broadcast([root])
            let all = try group.gathered(Tensor([Float(group.rank), 5], shape: [1, 2]))
            #expect(all.shape == [3, 1, 2])
            try group.barrier()
            return [
                try small.doubles(), [try large.mean().item(), try others.mean().item()], try root.doubles(),
                try all.doubles(), [try group.sum(own)],
            ]
        }
        for rank in found {
            #expect(rank == [[6, 60], [6, 6], [0, 7], [0, 5, 1, 5, 2, 5], [6]])
        }
    }

    @Test(.enabled(if: Runtime.cudaDeviceCount >= count, "needs three graphics cards"))
    func `Cards sum their numbers and send the root's to all`() throws {
        let found = try Self.ranks { group -> [[Double]] in
            let device = Device.cuda(group.rank)
            let own = try Tensor([Float(group.rank + 1), 10], shape: [2]).moved(to: device)
            let root = try Tensor([Float(group.rank), 7], shape: [2]).moved(to: device)
            try group.sum([own])
            try group.broadcast([root])
            return try [own.doubles(), root.doubles(), group.gathered(own).doubles()]
        }
        for rank in found { #expect(rank == [[6, 30], [0, 7], [6, 30, 6, 30, 6, 30]]) }
    }

    @Test func `Texts of any length arrive in the order of the ranks`() throws {
        let texts = ["", "zwei, naïve 🐋", String(repeating: "x", count: 5000)]
        for found in try Self.ranks({ try $0.gathered(texts[$0.rank]) }) { #expect(found == texts) }
        for found in try Self.ranks({ try $0.gathered("") }) { #expect(found == ["", "", ""]) }
    }

    @Test func `Gradients are summed where there are any`() throws {
        let found = try Self.ranks { group -> [Double]? in
            let used = try Tensor([2, 3] as [Float], shape: [2]), unused = try Tensor([1] as [Float], shape: [1])
            for tensor in [used, unused] { try tensor.setRequiresGradient(true) }
            try (used * Double(group.rank + 1)).sum().backward()
            try group.sumGradients(of: [used, unused])
            #expect(try unused.gradient() == nil)
            return try used.gradient()?.doubles()
        }
        #expect(found == [[6, 6], [6, 6], [6, 6]])
    }

    /// Numbers that differ in scale and offset from channel to channel.
    private static func numbers(_ shape: [Int]) -> [Float] {
        (0..<shape.reduce(1, *)).map { Float(sin(Double($0) * 1.7) * 3 + Double($0 % 5)) }
    }

    /// What batch norm gives for rows of a batch, in evaluation order: output, gradients, running statistics.
    private static func norm(_ shape: [Int], rows: Range<Int>, over group: ProcessGroup?) throws -> [[Double]] {
        let channels = shape[1]
        let all = try Tensor(numbers(shape), shape: shape)
        let input = try (all.narrowed(0, to: rows) * 1).detached()
        let weight = try Tensor((0..<channels).map { 1 + Float($0) / 4 }, shape: [channels])
        let bias = try Tensor((0..<channels).map { Float($0) / 8 }, shape: [channels])
        for tensor in [input, weight, bias] { try tensor.setRequiresGradient(true) }
        let mean = try Tensor(repeating: 0.5, shape: [channels]), variance = try Tensor(repeating: 2, shape: [channels])
        let output =
            if let group {
                try input.batchNorm(
                    weight: weight, bias: bias, runningMean: mean, runningVariance: variance, over: group,
                    momentum: 0.1,
                    epsilon: 1e-5)
            } else {
                try input.batchNorm(
                    weight: weight, bias: bias, runningMean: mean, runningVariance: variance, isTraining: true,
                    momentum: 0.1, epsilon: 1e-5)
            }
        // A function whose gradient differs from element to element.
        try (output * output * output.sigmoid()).sum().backward()
        try group?.sumGradients(of: [weight, bias])
        return try [output, try #require(try input.gradient())].map { try $0.doubles() }
            + [weight.gradient(), bias.gradient()].map { try #require($0).doubles() } + [
                mean.doubles(), variance.doubles(),
            ]
    }

    @Test(arguments: [[7, 4, 3, 5], [9, 6]])
    func `Batch norm over three ranks equals that of one`(shape: [Int]) throws {
        let whole = try Self.norm(shape, rows: 0..<shape[0], over: nil)
        let bounds = [0, 2, 3, shape[0]]
        let parts = try Self.ranks { group in
            try Self.norm(shape, rows: bounds[group.rank]..<bounds[group.rank + 1], over: group)
        }
        for place in 0..<2 {
            let joined = parts.flatMap { $0[place] }
            #expect(joined.count == whole[place].count)
            // Single precision; gradients are sums of a hundred numbers below 30.
            for (one, other) in zip(joined, whole[place]) { #expect(abs(one - other) < 2e-4 * max(1, abs(other))) }
        }
        for place in 2..<6 {
            for part in parts {
                for (one, other) in zip(part[place], whole[place]) {
                    #expect(abs(one - other) < 1e-4 * max(1, abs(other)), "\(place)")
                }
            }
        }
    }

    @Test func `A rank that never comes ends the wait`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(throws: TorchError.self) {
            _ = try ProcessGroup(
                store: .file(file, count: 2), rank: 0, count: 2, localRank: 0, address: .numeric("127.0.0.1"),
                seconds: 1,
                joining: 60)
        }
    }

    @Test func `A store over TCP hands values on, and nobody answers at another port`() throws {
        let port = try FreePort.next()
        let host = try SharedStore.hosting(port: port)
        let guest = try SharedStore.connected(to: "localhost", port: port, within: 30)
        #expect(try guest.value(of: "a") == nil)
        try host.part("x").set("a", to: "eins 🐋")
        #expect(try guest.part("x").value(of: "a") == "eins 🐋" && guest.value(of: "a") == nil)
        let start = ContinuousClock.now
        #expect(throws: TorchError.self) {
            _ = try SharedStore.connected(to: "localhost", port: FreePort.next(), within: 2)
        }
        #expect(ContinuousClock.now - start < .seconds(20))
        withExtendedLifetime((host, guest)) {}
    }

    @Test func `A server that does not speak the protocol is refused in time`() throws {
        // The listener stays open: libtorch 1.13 ends a process whose store goes away while it waits for it.
        let (_, port) = try FreePort.listener()
        let start = ContinuousClock.now
        #expect(throws: TorchError.self) { _ = try SharedStore.connected(to: "127.0.0.1", port: port, within: 2) }
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
