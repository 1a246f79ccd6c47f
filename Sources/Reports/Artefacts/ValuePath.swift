import Basics

/// A dotted path to a value, such as `train[member=lite0].parameters`.
struct ValuePath: Equatable {
    /// The brackets after the first name, which select nodes of a stage.
    struct Selection: Equatable {
        var member: String?
        var seed: Int?
        var fold: Int?

        var isEmpty: Bool { self == Selection() }
    }

    /// The first name: a stage, or one of the other roots.
    let root: String
    let selection: Selection
    /// The names below the root.
    let names: [String]

    /// The path as written.
    var text: String { ([root + selection.text] + names).joined(separator: ".") }

    /// Parses a path.
    ///
    /// - Throws: ``ValueError``.
    init(_ text: String) throws(ValueError) {
        let pattern = /([A-Za-z_][A-Za-z0-9_-]*)(?:\[([^\[\]]*)\])?((?:\.[A-Za-z0-9_-]+)*)/
        guard let match = text.wholeMatch(of: pattern) else {
            throw ValueError(
                "\(quoted: text) is not a path to a value",
                "Write names with dots between, such as evaluate.pooled.map.")
        }
        root = String(match.1)
        selection = try match.2.map { text throws(ValueError) in try Selection(String(text)) } ?? Selection()
        names = match.3.split(separator: ".").map(String.init)
    }
}

extension ValuePath.Selection {
    init(_ text: String) throws(ValueError) {
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimming(while: \.isWhitespace) }
            guard sides.count == 2 else {
                throw ValueError(
                    "'[\(text)]' selects nothing", "Write, for instance, [member=lite0] or [seed=1,fold=0].")
            }
            switch sides[0] {
            case "member": member = sides[1]
            case "seed": seed = try Self.number(sides[1], of: "seed")
            case "fold": fold = try Self.number(sides[1], of: "fold")
            default:
                throw ValueError(
                    "nodes have no \(quoted: sides[0])",
                    ProblemCollector.remedy(for: sides[0], known: ["member", "seed", "fold"]))
            }
        }
    }

    private static func number(_ text: String, of name: String) throws(ValueError) -> Int {
        if let number = Int(text) { return number }
        throw ValueError("the \(name) \(quoted: text) is not a whole number", "Write, for instance, [\(name)=1].")
    }

    /// `[member=lite0,seed=1]`, or nothing if everything matches.
    var text: String {
        let parts = [member.map { "member=\($0)" }, seed.map { "seed=\($0)" }, fold.map { "fold=\($0)" }]
            .compactMap(\.self)
        return parts.isEmpty ? "" : "[\(parts.joined(separator: ","))]"
    }

    /// Whether the selection matches a node.
    func matches(_ node: ReportNode) -> Bool {
        (member == nil || member == node.member) && (seed == nil || seed == node.seed)
            && (fold == nil || fold == node.fold)
    }
}

extension StringProtocol {
    /// The text without the characters at both ends that meet a condition.
    func trimming(while condition: (Character) -> Bool) -> String {
        let start = drop(while: condition)
        return String(start.reversed().drop(while: condition).reversed())
    }
}
