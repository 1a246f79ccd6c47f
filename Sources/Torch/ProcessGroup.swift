import CTorch
import Foundation

/// Keys and values that the processes of a job share. Any thread may use it.
///
/// Unchecked, because the handle never changes, and c10d's stores lock each of their operations.
public final class SharedStore: @unchecked Sendable {
    fileprivate let handle: OpaquePointer

    private init(
        _ call: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<wb_error>) -> Int32
    ) throws {
        handle = try made("store", [], call)
    }

    deinit { wb_store_free(handle) }

    /// A store in a file, for `count` processes of one machine.
    public static func file(_ url: URL, count: Int) throws -> SharedStore {
        try SharedStore { wb_store_file(url.path, Int32(count), $0, $1) }
    }

    /// Listens on a port of every network interface for as long as the store lives.
    public static func hosting(port: UInt16) throws -> SharedStore {
        try SharedStore { wb_store_tcp("localhost", port, 1, 60, $0, $1) }
    }

    /// Connects to the store that another process hosts.
    ///
    /// - Throws: ``TorchError`` also if there was no response within `seconds`; so do the store's operations.
    public static func connected(to host: String, port: UInt16, within seconds: Double) throws -> SharedStore {
        try SharedStore { wb_store_tcp(host, port, 0, seconds, $0, $1) }
    }

    /// Calls `report`, and ends the process with code 1, where libtorch would abort it: version 1.13 does so on a
    /// thread of its own if the host of a store resets the connection.
    public static func endIfHostResets(report: @convention(c) (UnsafePointer<CChar>) -> Void) {
        wb_end_on_lost_store(report)
    }

    /// The part of the store whose keys begin with a name.
    public func part(_ name: String) throws -> SharedStore {
        try SharedStore { wb_store_part(handle, name, $0, $1) }
    }

    /// Sets the value of a key; neither may contain a zero character.
    public func set(_ key: String, to value: String) throws {
        try checked("store") { wb_store_set(handle, key, value, $0) }
    }

    /// The value of a key; nil if there is none yet.
    public func value(of key: String) throws -> String? {
        var text: UnsafeMutablePointer<CChar>?
        try checked("store") { wb_store_get(handle, key, &text, $0) }
        defer { free(text) }
        return text.map { String(cString: $0) }
    }
}

/// Processes that compute together, over libtorch's c10d: with Gloo, and between graphics cards with NCCL if the build has it.
///
/// Every process calls the same methods in the same order. Each call waits for the other processes, at most for the
/// group's time, and throws ``TorchError`` if one of them is gone.
public final class ProcessGroup {
    /// The number of this process, from 0.
    public let rank: Int
    /// The number of processes.
    public let count: Int
    let handle: OpaquePointer

    /// How connections choose this machine's address.
    public enum Address: Sendable, Equatable {
        /// The address of an interface, such as `eth0`.
        case interface(String)
        /// A numeric address.
        case numeric(String)
        /// The address of the machine's host name.
        case hostName
    }

    /// Meets the other processes in the same part of the same store, within `joining` seconds; an operation waits for
    /// them at most `seconds`. `localRank` is this one's number on its machine, and that of its graphics card.
    public init(
        store: SharedStore, rank: Int, count: Int, localRank: Int, address: Address, seconds: Double, joining: Double
    ) throws {
        self.rank = rank
        self.count = count
        var (interface, numeric): (String?, String?) = (nil, nil)
        switch address {
        case .interface(let name): interface = name
        case .numeric(let text): numeric = text
        case .hostName: break
        }
        handle = try made("group") {
            wb_group_create(
                store.handle, Int32(rank), Int32(count), Int32(localRank), interface, numeric, seconds, joining, $0, $1)
        }
    }

    deinit { wb_group_free(handle) }

    /// This machine's numeric address on the way to another.
    public static func address(towards host: String, port: UInt16) throws -> String {
        let size = 64
        var buffer = [CChar](repeating: 0, count: size)
        try checked("address") { wb_address_towards(host, port, &buffer, size, $0) }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Replaces the numbers of each tensor by their sums over all processes.
    public func sum(_ tensors: [Tensor]) throws {
        try Tensor.withHandles(tensors) { handles, count in
            try checked("sum", tensors) { wb_group_sum(handle, handles, count, $0) }
        }
    }

    /// The sum of a number over all processes.
    public func sum(_ number: Double) throws -> Double {
        let tensor = try Tensor([number], shape: [1])
        try sum([tensor])
        return try tensor.item()
    }

    /// Replaces the gradients of parameters by their sums over all processes, in buckets of about 25 MiB; the same
    /// parameters must have one on every process.
    public func sumGradients(of parameters: [Tensor]) throws {
        try Tensor.withHandles(parameters) { handles, count in
            try checked("sum of gradients") { wb_group_sum_gradients(handle, handles, count, $0) }
        }
    }

    /// Replaces the numbers of each tensor by those of process 0.
    public func broadcast(_ tensors: [Tensor]) throws {
        try Tensor.withHandles(tensors) { handles, count in
            try checked("broadcast") { wb_group_broadcast(handle, handles, count, $0) }
        }
    }

    /// The tensors of all processes, which have the same shape, as `[processes, ...]`.
    public func gathered(_ tensor: Tensor) throws -> Tensor {
        try produced("gather", [tensor]) { wb_group_gather(handle, tensor.handle, $0, $1) }
    }

    /// The texts of all processes, in their order.
    public func gathered(_ text: String) throws -> [String] {
        let bytes = Array(text.utf8).map(Int.init)
        let lengths = try gathered(Tensor([bytes.count], shape: [1])).integers()
        let width = lengths.max() ?? 0
        guard width > 0 else { return lengths.map { _ in "" } }
        let padded = bytes + Array(repeating: 0, count: width - bytes.count)
        let all = try gathered(Tensor(padded, shape: [width])).integers()
        return lengths.enumerated().map { rank, length in
            String(decoding: all[rank * width..<rank * width + length].map { UInt8($0) }, as: UTF8.self)
        }
    }

    /// Waits until every process is here.
    public func barrier() throws { try checked("barrier") { wb_group_barrier(handle, $0) } }

    /// The seconds spent in operations so far, most of them waiting for the other processes.
    public var secondsInOperations: Double { wb_group_seconds(handle) }
}

extension Tensor {
    /// Batch normalisation in training with the statistics of all processes' batches; see
    /// ``batchNorm(weight:bias:runningMean:runningVariance:isTraining:momentum:epsilon:)``. The group must outlive the
    /// backward pass.
    ///
    /// Source: Peng et al., CVPR 2018 (MegDet).
    public func batchNorm(
        weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor, over group: ProcessGroup,
        momentum: Double, epsilon: Double
    ) throws -> Tensor {
        try produced("batch_norm", [self, runningMean]) {
            wb_group_batch_norm(
                group.handle, handle, weight.handle, bias.handle, runningMean.handle, runningVariance.handle, momentum,
                epsilon, $0, $1)
        }
    }
}
