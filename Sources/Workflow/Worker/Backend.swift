import Basics
import Configuration
import Foundation
import Jobs
import Retrieval

/// The backend of the stages that need libtorch: the worker's description, and the configured device.
public struct Backend: Sendable, Equatable {
    public let description: WorkerDescription
    /// The device class that the option `device` means here: `cpu` or `cuda`.
    public let device: String
    /// The graphics cards that networks may run on, counted from 0; empty on a CPU.
    public let cards: [Int]
    public let precision: Precision

    /// The parts of it that belong to a key.
    var keyParts: [String: JSONValue] {
        [
            "device": .string(device), "precision": .string(precision.rawValue),
            "libtorch": .string(description.libtorch),
        ]
    }

    /// Resolves the configured device and precision on this machine.
    ///
    /// - Throws: ``WorkflowError/deviceMissing(device:available:cards:)``,
    ///   ``WorkflowError/precisionOffDevice(precision:device:)``.
    public init(_ configuration: Configuration, description: WorkerDescription) throws {
        self.description = description
        precision = configuration.precision
        let all = description.cards
        switch configuration.device {
        case .cpu: cards = []
        case .auto: cards = all
        case .card(nil) where !all.isEmpty: cards = all
        case .card(let number?) where all.contains(number): cards = [number]
        case .card:
            throw WorkflowError.deviceMissing(
                device: configuration.device.rawValue, available: description.devices, cards: all.count)
        }
        device = cards.isEmpty ? DeviceChoice.cpu.rawValue : DeviceChoice.cards
        if precision == .float16, device == DeviceChoice.cpu.rawValue {
            throw WorkflowError.precisionOffDevice(precision: precision.rawValue, device: device)
        }
    }
}

/// The worker's description at its last query.
///
/// A query takes half a second, to map libtorch. So the description is kept, and queried again when the worker's file
/// or the environment that it reads has changed.
struct RememberedDescription: Codable {
    var worker: String
    var environment: [String: String]
    var description: WorkerDescription

    private static let variables = ["CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH", "LIBTORCH", ThreadCount.variable]

    private static func environmentNow() -> [String: String] {
        let all = ProcessInfo.processInfo.environment
        return Dictionary(uniqueKeysWithValues: variables.compactMap { name in all[name].map { (name, $0) } })
    }

    /// The description of a worker with the threads that the surrounding task may use.
    static func description(of worker: Worker, in store: Store) async throws -> WorkerDescription {
        var description = try await ThreadCount.$share.withValue(nil) {
            try await whole(of: worker, in: store)
        }
        if ThreadCount.share != nil { description.threads = try ThreadCount.wanted() }
        return description
    }

    /// The remembered description if it is still valid, else the worker's, which is then remembered.
    private static func whole(of worker: Worker, in store: Store) async throws -> WorkerDescription {
        guard let stamp = FileStamp(path: worker.url.resolvingSymlinksInPath().path) else {
            throw WorkflowError.workerMissing(path: worker.url.path)
        }
        let environment = environmentNow()
        if let data = try store.remembered(store.backendFile),
            let kept = try? JSONDecoder().decode(RememberedDescription.self, from: data), kept.worker == stamp.text,
            kept.environment == environment
        {
            return kept.description
        }
        let description = try await worker.describe()
        let kept = RememberedDescription(worker: stamp.text, environment: environment, description: description)
        do {
            try store.write(JSONValue(encoding: kept).text, to: store.backendFile)
        } catch let error as FileError where !error.isExhaustion {
            // If the store cannot be written to, the next caller only has to query again.
        }
        return description
    }
}

/// The settings of a program's arithmetic before it computes.
public enum Arithmetic {
    /// Declares that this process multiplies matrices only in its search; a process with libtorch must not call this.
    public static func prepare() { ProductThreads.allow() }
}

/// The computer's description, for provenance.
enum Machine {
    /// Processor, cores and memory, with the worker's description of its arithmetic if a stage used it.
    ///
    /// Several processes change a training's low bits, as threads do; a single one is not mentioned.
    static func facts(backend: Backend?, processes: Int = 1) -> JSONValue {
        var facts: [String: JSONValue] = [
            "processor": .string(processor), "cores": .number(Double(ProcessInfo.processInfo.activeProcessorCount)),
            "memory_bytes": .number(Double(ProcessInfo.processInfo.physicalMemory)),
            "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
        ]
        if processes > 1 { facts["processes"] = .number(Double(processes)) }
        if let backend {
            facts["threads"] = .number(Double(backend.description.threads))
            facts["cpu_capability"] = .string(backend.description.cpuCapability)
            facts["libtorch"] = .string(backend.description.libtorch)
            facts["device"] = .string(backend.device)
        }
        return .object(facts)
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }
}
