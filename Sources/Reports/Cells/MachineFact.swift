import Basics

/// One thing that is known of a computer.
struct MachineFact: Equatable {
    let title: String
    let text: String

    /// The names that stages use, in the order in which they are told.
    private static let known = [
        ("processor", "Processor"), ("cores", "Cores"), ("memory_bytes", "Memory"), ("gpu", "Graphics processor"),
        ("device", "Device"), ("threads", "Threads used"), ("cpu_capability", "Instruction set used"),
        ("libtorch", "libtorch"), ("system", "System"),
    ]

    /// Everything that is known of a computer; names that are new come last.
    static func facts(of machine: JSONValue) -> [MachineFact] {
        let members = machine.object ?? [:]
        let others = members.keys.filter { key in !known.contains { $0.0 == key } }.sorted()
            .map { ($0, $0.replacing("_", with: " ").capitalisingFirst) }
        return (known + others).compactMap { key, title in
            guard let value = members[key], value != .null else { return nil }
            let text = key.hasSuffix("_bytes") ? value.double.map(NumberText.bytes) : try? Formatter.plain(value)
            return MachineFact(title: title, text: text ?? value.canonicalText)
        }
    }
}
