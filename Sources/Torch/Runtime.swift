import Basics
import CTorch
import Foundation

/// The device that holds a tensor's numbers.
public enum Device: Sendable, Equatable, CustomStringConvertible {
    case cpu
    /// A graphics card, counted from 0.
    case cuda(Int)
    /// None: tensors have a shape but no numbers, which is enough to count a network's parameters.
    case shapesOnly

    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        case .shapesOnly: "shapes only"
        }
    }

    /// Whether it is a graphics card.
    public var isCard: Bool { if case .cuda = self { true } else { false } }

    /// The shim's number.
    var number: Int32 {
        switch self {
        case .cpu: Int32(WB_CPU)
        case .cuda(let index): Int32(index)
        case .shapesOnly: Int32(WB_SHAPES_ONLY)
        }
    }

    init(number: Int32) {
        self =
            switch Int(number) {
            case WB_CPU: .cpu
            case WB_SHAPES_ONLY: .shapesOnly
            default: .cuda(Int(number))
            }
    }
}

/// The libtorch that this program runs on.
public enum Runtime {
    /// The version, such as `1.13.1`.
    public static var version: String { String(cString: wb_torch_version()) }

    /// The instruction set of the CPU kernels, such as `AVX2`.
    public static var cpuCapability: String { String(cString: wb_cpu_capability()) }

    /// The number of usable graphics cards.
    public static var cudaDeviceCount: Int { Int(wb_cuda_device_count()) }

    /// Makes graphics cards give the same bits each time, and multiply float32 numbers without rounding them to the 19
    /// bits of TF32, as cuDNN otherwise does. Call it before the first tensor on a card.
    public static func makeCardsRepeatable() { wb_make_cuda_repeatable() }

    /// The number of live tensors, which shows leaks.
    public static var liveTensorCount: Int { Int(wb_live_tensors()) }

    /// Lets the allocator keep freed memory for the next step, which saves a third of the training time on a CPU. Call
    /// it before there are other threads.
    public static func keepFreedMemory() { wb_keep_freed_memory() }

    /// The number of threads of one operation.
    public static var threadCount: Int { Int(wb_threads()) }

    /// Sets the number of threads of one operation: `WHALEBOOK_THREADS`, by default the number of cores.
    ///
    /// - Returns: The number.
    /// - Throws: ``TorchError`` for a setting that is not a number from 1 to 1024.
    @discardableResult
    public static func useThreads(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Int {
        let count: Int
        do {
            count = try ThreadCount.wanted(environment: environment)
        } catch {
            throw TorchError(operation: "threads", shapes: [], message: error.description)
        }
        wb_set_threads(Int32(count))
        return count
    }
}
