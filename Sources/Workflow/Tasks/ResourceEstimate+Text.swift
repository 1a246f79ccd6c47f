import Basics
import Foundation
import Jobs
import Results

/// An estimate in words and for other programs.
extension ResourceEstimate {
    /// Aligned columns, the total, where the numbers come from, and what does not fit.
    public var text: String {
        let rows = members.map { member in
            let own = nodes.filter { $0.node.member == member.settings.name }
            return [
                member.settings.name, member.settings.backbone, String(member.settings.imageSize),
                TextTable.millions(member.facts.parameters),
                member.facts.trainingBytes(batch: batchSize).map(NumberText.bytes) ?? "unknown",
                String(member.trainings.count), Self.words(own.filter { $0.node.stage == .train }),
                String(member.embeddings.count), Self.words(own.filter { $0.node.stage == .embed }),
            ]
        }
        let header = [
            "member", "backbone", "image size", "parameters", "memory", "trainings", "take", "embeddings", "take ",
        ]
        let lines = [summary] + decoding + [plan, origins, warning].compactMap(\.self)
        return TextTable.text(header: header, rows: rows, left: ["backbone"]) + lines.map { $0 + "\n" }.joined()
    }

    /// The total, in a sentence.
    public var summary: String {
        let total = Self.words(packing.least.seconds, packing.most.seconds)
        let way = jobs > 1 ? "with \(jobs) jobs of \(threadWords) each" : "in all"
        return "About \(total) \(way), from a few batches of each member, timed here \(age)."
    }

    private var threadWords: String { NumberText.counted(threads, "thread", "threads") }

    /// The age of the oldest measurement.
    private var age: String {
        let seconds = members.map { now.timeIntervalSince($0.measuredAt) }.max() ?? 0
        return seconds < 60 ? "just now" : "\(Self.words(seconds)) ago"
    }

    /// For each member, the time of decoding next to that of computing.
    private var decoding: [String] {
        members.map { member in
            let name = member.settings.name.visible
            guard let preparation = member.preparation, let isBound = member.isBoundByDecoding else {
                return "\(name): the time of decoding is unknown."
            }
            let compute = Self.words(member.facts.training.fastest, member.facts.training.slowest)
            let reading = Self.words(preparation)
            let verdict =
                switch (isBound, usesCard) {
                case (true, true): "decoding decides, the card waits"
                case (true, false): "decoding takes longer than computing"
                case (false, true): "computing decides"
                case (false, false): "computing takes longer"
                }
            return
                "\(name): a photograph takes \(compute) to train on and \(reading) to decode and change, so \(verdict)."
        }
    }

    /// What several jobs gain, and what limits them.
    private var plan: String? {
        guard jobs > 1 else { return nil }
        let chain = packing.most.longestChain.map(\.name.visible).joined(separator: ", ")
        return "One after another with as many threads: \(Self.words(nodes)). The longest chain takes "
            + "\(Self.words(packing.least.chainSeconds, packing.most.chainSeconds)): \(chain)."
    }

    /// Which times are not measured.
    private var origins: String? {
        func stages(_ origin: Origin) -> String? {
            let names = nodes.filter { $0.origin == origin }.map(\.node.stage.rawValue)
            var seen: Set<String> = []
            let unique = names.filter { seen.insert($0).inserted }
            return unique.isEmpty ? nil : unique.joined(separator: ", ")
        }
        let parts = [
            stages(.remembered).map { "From an earlier run: \($0)." },
            stages(.unknown).map { "Unknown and left out, since they never ran here: \($0)." },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// What needs more memory than there is; nil if everything fits.
    private var warning: String? {
        let large = members.filter { $0.facts.trainingBytes(batch: batchSize).map { $0 > memory } ?? false }
        guard large.isEmpty else {
            return "This machine has \(NumberText.bytes(memory)) of memory available, too little to train "
                + "\(large.map(\.settings.name.visible).joined(separator: ", ")). Lower train.batch-size, and raise "
                + "train.accumulation by the same factor to keep the number of photographs per step."
        }
        let largest = nodes.map(\.need.bytes).sorted(by: >).prefix(jobs).reduce(0, +)
        guard jobs > 1, largest > memory else { return nil }
        return "\(jobs) of the largest nodes need \(NumberText.bytes(largest)) of memory, and "
            + "\(NumberText.bytes(memory)) are available, so fewer run at the same time."
    }

    /// The form for other programs; times in seconds, from the fastest to the slowest batch, memory in bytes.
    public var json: JSONValue {
        func range(_ least: Double, _ most: Double) -> JSONValue {
            .array([.number(Self.rounded(least)), .number(Self.rounded(most))])
        }
        func range(_ seconds: EstimateFacts.Range) -> JSONValue { range(seconds.fastest, seconds.slowest) }
        func number(_ value: Double?) -> JSONValue { value.map { .number(Self.rounded($0)) } ?? .null }
        return [
            "jobs": .number(Double(jobs)), "threads": .number(Double(threads)),
            "seconds": range(packing.least.seconds, packing.most.seconds),
            "sequential_seconds": range(seconds, nodes.reduce(0) { $0 + $1.seconds.slowest }),
            "longest_chain": .array(packing.most.longestChain.map { .string($0.name) }),
            "longest_chain_seconds": range(packing.least.chainSeconds, packing.most.chainSeconds),
            "available_bytes": number(memory),
            "members": .array(
                members.map { member in
                    [
                        "name": .string(member.settings.name), "backbone": .string(member.settings.backbone),
                        "parameters": .number(Double(member.facts.parameters)),
                        "training_bytes": number(member.facts.trainingBytes(batch: batchSize)),
                        "embedding_bytes": number(member.facts.embeddingBytes),
                        "training_seconds_per_photograph": range(member.facts.training),
                        "embedding_seconds_per_photograph": range(member.facts.embedding),
                        "decoding_seconds_per_photograph": number(member.preparation),
                        "bound_by_decoding": member.isBoundByDecoding.map { .bool($0) } ?? .null,
                    ]
                }),
            "nodes": .array(
                nodes.map { planned in
                    [
                        "name": .string(planned.node.name), "origin": .string(planned.origin.rawValue),
                        "seconds": planned.origin == .unknown ? .null : range(planned.seconds),
                        "bytes": number(planned.need.bytes),
                    ]
                }),
        ]
    }

    // MARK: Numbers

    /// The time of nodes in sequence.
    private static func words(_ nodes: [PlannedNode]) -> String {
        guard !nodes.isEmpty else { return "–" }
        return words(nodes.reduce(0) { $0 + $1.seconds.fastest }, nodes.reduce(0) { $0 + $1.seconds.slowest })
    }

    private static func words(_ least: Double, _ most: Double) -> String {
        let (first, last) = (words(least), words(most))
        return first == last ? first : "\(first) to \(last)"
    }

    /// A time with two significant digits, such as `2.1 h` or `45 min`.
    static func words(_ seconds: Double) -> String {
        let units = [("ms", 1e-3), ("s", 1), ("min", 60), ("h", 3600), ("days", 86_400)]
        // Two days and less read better in hours.
        let starts = [0, 1, 60, 3600, 2 * 86_400.0]
        let rounded = rounded(seconds)
        let unit = units[starts.lastIndex { rounded >= $0 } ?? 0]
        let value = Self.rounded(rounded / unit.1)
        return NumberText.fixed(value, value >= 9.95 || value == 0 ? 0 : 1) + " \(unit.0)"
    }

    /// A number with two significant digits.
    static func rounded(_ value: Double) -> Double { Double(String(format: "%.1e", value)) ?? value }
}
