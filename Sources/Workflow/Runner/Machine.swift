import Basics
import Foundation

/// What the computer is, for provenance.
enum Machine {
    /// The name the computer has for itself; nothing is asked of the network.
    static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Processor, cores and memory, with what the worker says of its arithmetic where a stage used it.
    static func facts(backend: Backend?) -> JSONValue {
        var facts: [String: JSONValue] = [
            "processor": .string(processor), "cores": .number(Double(ProcessInfo.processInfo.activeProcessorCount)),
            "memory_bytes": .number(Double(ProcessInfo.processInfo.physicalMemory)),
            "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
        ]
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
