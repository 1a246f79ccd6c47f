import Basics
import Foundation
import Testing

/// The facts of every variant in timm 1.0.31, written by `Fixtures/variants.py`.
enum TimmVariants {
    /// Image sizes, statistics, parameters and multiply-adds by the variant's name.
    static func facts() throws -> [String: JSONValue] { try #require(Golden.read("variants").object) }

    /// The shape of every tensor of the state dict, by the variant's name and its own.
    static func shapes() throws -> [String: [String: [Int]]] {
        let text = try String(contentsOf: Golden.file("parameters.txt"), encoding: .utf8)
        var variants: [String: [String: [Int]]] = [:]
        var name = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if !line.hasPrefix(" ") {
                name = words[0]
                variants[name] = [:]
            } else if words[0] == "=" {
                let twin = try #require(variants[words[1]])
                variants[name] = twin
            } else {
                for module in try modules(words[0]) {
                    for tensor in words.dropFirst() {
                        let parts = tensor.split(separator: "=")
                        let shape = try parts[1].split(separator: ",").map { try #require(Int($0)) }
                        variants[name]?[module == "." ? "\(parts[0])" : "\(module).\(parts[0])"] = shape
                    }
                }
            }
        }
        return variants
    }

    /// `blocks.1-3.bn` stands for three modules.
    private static func modules(_ pattern: String) throws -> [String] {
        guard let range = pattern.firstMatch(of: #/(\d+)-(\d+)/#) else { return [pattern] }
        let (first, last) = (try #require(Int(range.1)), try #require(Int(range.2)))
        return (first...last).map { pattern.replacingCharacters(in: range.range, with: "\($0)") }
    }
}
