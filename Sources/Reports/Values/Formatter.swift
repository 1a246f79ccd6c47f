import Basics
import Evaluation
import Foundation

/// One step of an inline value, `{wb} path | formatter`: formats a value, or replaces a missing one.
enum Formatter: Equatable {
    /// A number of digits after the point; of a list, such as the ends of an interval, each element: `0.705 to 0.850`.
    case fixed(Int)
    /// Like ``fixed(_:)``, always with a sign: for differences.
    case signed(Int)
    /// A share as a percentage, with a number of digits after the point; of a list, each element, as by ``fixed(_:)``.
    case percent(Int)
    /// A number of significant digits with an SI prefix.
    case si(Int)
    /// A mean with its standard deviation, both with a number of digits after the point.
    case plusMinus(Int)
    /// The nearest whole number.
    case integer
    /// A whole number in groups of three digits.
    case thousands
    /// Seconds as a duration.
    case duration
    /// Bytes with a unit.
    case bytes
    /// In the font of code.
    case code
    /// The first characters of a digest.
    case short
    /// The first ten characters of an ISO 8601 time.
    case date
    /// The elements of a list with a text between them.
    case join(String)
    /// The options of a section: its kind, then the others by name with their values.
    case options
    /// The number of elements of a list, or of names in an object.
    case count
    /// A number, or the length of a list, with its noun: `plural(animal, animals)`.
    case plural(String, String)
    /// Replaces an explicit null.
    case or(String)
    /// Says next to the mark of an empty field of the author what belongs there.
    case hint(String)

    private static let names = [
        "fixed", "signed", "percent", "si", "plus-minus", "integer", "thousands", "duration", "bytes", "code", "short",
        "date", "join", "options", "count", "plural", "or", "hint",
    ]

    /// Parses a formatter with its arguments.
    init(_ text: String) throws(ValueError) {
        guard let match = text.wholeMatch(of: /([A-Za-z-]+)[ ]*(?:\((.*)\))?/) else {
            throw ValueError("\(quoted: text) is not a formatter", "Known: \(Self.names.joined(separator: ", ")).")
        }
        let name = String(match.1)
        let arguments = match.2.map { Self.arguments(String($0)) } ?? []
        func digits(_ fallback: Int?, from fewest: Int = 0) throws(ValueError) -> Int {
            if arguments.isEmpty, let fallback { return fallback }
            guard arguments.count == 1, let digits = Int(arguments[0]), (fewest...12).contains(digits) else {
                throw ValueError("\(quoted: text) has no number of digits", "Write \(name)(2), from \(fewest) to 12.")
            }
            return digits
        }
        switch (name, arguments.count) {
        case ("fixed", _): self = .fixed(try digits(nil))
        case ("signed", _): self = .signed(try digits(nil))
        case ("percent", _): self = .percent(try digits(0))
        case ("si", _): self = .si(try digits(3, from: 1))
        case ("plus-minus", _): self = .plusMinus(try digits(nil))
        case ("integer", 0): self = .integer
        case ("thousands", 0): self = .thousands
        case ("duration", 0): self = .duration
        case ("bytes", 0): self = .bytes
        case ("code", 0): self = .code
        case ("short", 0): self = .short
        case ("date", 0): self = .date
        case ("join", 0): self = .join(", ")
        case ("join", 1): self = .join(arguments[0])
        case ("options", 0): self = .options
        case ("count", 0): self = .count
        case ("plural", 2): self = .plural(arguments[0], arguments[1])
        case ("or", 1): self = .or(arguments[0])
        case ("hint", 1): self = .hint(arguments[0])
        case _ where Self.names.contains(name):
            let count = NumberText.counted(arguments.count, "argument", "arguments")
            throw ValueError(
                "\(quoted: text) has \(count)",
                "Write fixed(4), join(\", \"), plural(whale, whales).")
        default:
            throw ValueError("unknown formatter \(quoted: name)", ProblemCollector.remedy(for: name, known: Self.names))
        }
    }

    /// The arguments in the brackets; quotes keep commas and blanks.
    private static func arguments(_ text: String) -> [String] {
        var result: [String] = []
        for match in text.matches(of: /[ ]*(?:"([^"]*)"|([^,"]*))(?:,|$)/) {
            if match.0.isEmpty, !result.isEmpty || text.isEmpty { break }
            result.append(match.1.map(String.init) ?? (match.2 ?? "").trimming(while: \.isWhitespace))
        }
        return result
    }
}

extension Formatter {
    /// The text of the value at a path.
    ///
    /// - Throws: ``ValueError`` for a value of the wrong kind.
    func text(of value: JSONValue, at path: ValuePath) throws(ValueError) -> String {
        switch self {
        case .fixed(let digits): try numbers(value) { NumberText.fixed($0, digits) }
        case .signed(let digits): NumberText.signed(try number(value), digits)
        case .percent(let digits): try numbers(value) { NumberText.percent($0, digits) }
        case .si(let digits): NumberText.si(try number(value), digits)
        case .plusMinus(let digits): try spread(value, digits, over: path.names.last == "folds" ? "fold" : "seed")
        case .integer: NumberText.fixed(try number(value), 0)
        case .thousands: NumberText.thousands(try number(value))
        case .duration: NumberText.duration(seconds: try number(value))
        case .bytes: NumberText.bytes(try number(value))
        case .code, .or, .hint: try Self.plain(value)
        case .short:
            String((try string(value).split(separator: ":").last ?? "").prefix(12))
        case .date: String(try string(value).prefix(10))
        case .join(let separator): try Self.joined(value, separator)
        case .options: try options(value)
        case .count: String(try count(value))
        case .plural(let one, let many):
            if let list = value.array {
                NumberText.counted(list.count, one, many)
            } else {
                NumberText.thousands(try number(value)) + " " + (value.double == 1 ? one : many)
            }
        }
    }

    /// The text of a value without a formatter.
    static func plain(_ value: JSONValue) throws(ValueError) -> String {
        switch value {
        case .null: throw ValueError("the value is null", "Add a fallback: | or(unknown).")
        case .bool(let value): return value ? "true" : "false"
        case .number(let value): return NumberText.shortest(value)
        case .string(let value): return value
        case .array: return try joined(value, ", ")
        case .object(let members):
            throw ValueError(
                "this is not a single value but \(members.count) of them",
                "Choose one: \(members.keys.sorted().prefix(12).listed()).")
        }
    }

    private static func joined(_ value: JSONValue, _ separator: String) throws(ValueError) -> String {
        guard let elements = value.array else { return try plain(value) }
        var texts: [String] = []
        for element in elements { texts.append(try plain(element)) }
        return texts.joined(separator: separator)
    }

    private func number(_ value: JSONValue) throws(ValueError) -> Double {
        if let number = value.double { return number }
        throw mismatch(value, "a number")
    }

    private func numbers(_ value: JSONValue, _ text: (Double) -> String) throws(ValueError) -> String {
        guard let ends = value.array, !ends.isEmpty else { return text(try number(value)) }
        var texts: [String] = []
        for end in ends { texts.append(text(try number(end))) }
        return texts.joined(separator: " to ")
    }

    private func string(_ value: JSONValue) throws(ValueError) -> String {
        if let string = value.string { return string }
        throw mismatch(value, "a text")
    }

    private func options(_ value: JSONValue) throws(ValueError) -> String {
        guard var members = value.object else { throw mismatch(value, "a section of options") }
        let kind = members.removeValue(forKey: "kind")?.string
        var texts = [kind].compactMap(\.self)
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where value != .null {
            if let isOn = value.bool {
                texts.append(isOn ? name : "not \(name)")
            } else {
                texts.append("\(name) \(try Self.plain(value))")
            }
        }
        return texts.joined(separator: ", ")
    }

    private func spread(_ value: JSONValue, _ digits: Int, over part: String) throws(ValueError) -> String {
        guard let mean = value["mean"]?.double else {
            throw mismatch(value, "a mean with its deviation, such as evaluate.pooled.seeds,")
        }
        return NumberText.fixed(mean, digits)
            + (value["deviation"]?.double.map { NumberText.deviation($0, digits) }
                ?? " (\(Spread.unknown(over: part)))")
    }

    private func count(_ value: JSONValue) throws(ValueError) -> Int {
        if let count = value.array?.count ?? value.object?.count { return count }
        throw mismatch(value, "a list")
    }

    private func mismatch(_ value: JSONValue, _ wanted: String) -> ValueError {
        if value == .null { return ValueError("the value is null", "Add a fallback: | or(unknown).") }
        let text = value.canonicalText
        return ValueError(
            "the formatter needs \(wanted) but the value is \(text.prefix(40))\(text.count > 40 ? "…" : "")",
            "Use another formatter, or none.")
    }
}
