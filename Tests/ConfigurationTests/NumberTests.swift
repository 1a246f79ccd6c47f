import Basics
import Foundation
import Options
import Testing

@testable import Configuration

/// Every option with a number, from the declarations, with numbers that it must refuse.
@Suite struct NumberTests {
    static let extremes = [
        "-9223372036854775808", "-1", "-0", "0", "1000000000", "9223372036854775807", "9223372036854775808",
        "99999999999999999999999999999999", "0x7fffffffffffffffffff", "nan", ".nan", "inf", ".inf", "-.inf", "1e308",
        "-1e308", "1e400", "1e-400", "9223372036854775807:59", "1:2:3:4:5:6:7:8:9:10:11:12", "''", "~", "abc", "1_0",
        "0b2", "1.5", "[]", "{}",
    ]

    /// The path of an option and its kind; `rest` is the rest of the file.
    struct Case: CustomTestStringConvertible, Sendable {
        let path: String
        let kind: OptionKind
        var testDescription: String { path }
    }

    /// All options with a number, from the declarations.
    static let cases = Settings.optionKind.options().flatMap { placed in
        found(placed.option.kind, at: placed.path.replacing("*", with: "0"))
    }

    private static func found(_ kind: OptionKind, at path: String) -> [Case] {
        switch kind {
        case .integer, .number: [Case(path: path, kind: kind)]
        case .list(let inner, _): found(inner, at: path + ".0")
        case .either(let first, let second): found(first, at: path) + found(second, at: path)
        case .text, .flag, .choice, .form, .section: []
        }
    }

    /// YAML that sets the option and the required options of its list's entry.
    private static func yaml(_ path: String, _ value: String) -> String {
        path.split(separator: ".").reversed().reduce(value) { inner, key in
            if key == "0" { return "[\(inner)]" }
            return "{\(key): \(inner)}"
        }
    }

    private func parse(_ text: String) throws -> Configuration {
        try Configuration(parsing: text, path: "whalebook.yaml", root: URL(filePath: "/"))
    }

    @Test func `The declarations yield the options`() {
        let paths = Set(Self.cases.map(\.path))
        #expect(paths.count > 60)
        #expect(paths.isSuperset(of: ["seeds.0", "split.fold.0", "train.members.0.image-size", "expand.0.k1"]))
    }

    @Test(arguments: cases)
    func `No number crashes an option, and none is accepted beyond its limits`(_ option: Case) {
        for value in Self.extremes {
            // Alone it may lack other options, so any error of the configuration is accepted.
            do {
                let value = try parse(Self.yaml(option.path, value)).tree[path: option.path]?.double
                guard let value else { continue }
                switch option.kind {
                case .integer(let range): #expect(Int(exactly: value).map(range.contains) == true, "\(value)")
                case .number(let range): #expect(range.contains(value), "\(value)")
                default: Issue.record("\(option.path) takes no number")
                }
            } catch let error as ConfigurationError {
                #expect(!error.description.isEmpty)
            } catch {
                Issue.record("\(option.path): \(value): \(error)")
            }
        }
    }

    @Test(arguments: cases)
    func `No number of an override crashes`(_ option: Case) {
        for value in Self.extremes {
            do {
                _ = try Configuration(
                    parsing: "expand: [{kind: alpha-qe}]", path: "whalebook.yaml", root: URL(filePath: "/"),
                    overrides: ["\(option.path)=\(value)"])
            } catch let error as ConfigurationError {
                #expect(!error.description.isEmpty)
            } catch {
                Issue.record("\(option.path)=\(value): \(error)")
            }
        }
    }

    @Test func `Base 60 is not a number`() throws {
        let error = try #require(throws: ConfigurationError.self) { try parse("seeds: [9223372036854775807:59]") }
        #expect(error.description.contains("'seeds.0' is '9223372036854775807:59' but must be a whole number"))
    }

    @Test func `Lists and the number of their combinations are bounded`() throws {
        func list(_ count: Int) -> String { "[" + (0..<count).map(String.init).joined(separator: ",") + "]" }
        let long = try #require(throws: ConfigurationError.self) { try parse("seeds: \(list(1001))") }
        #expect(long.description.contains("'seeds' has 1001 entries"))
        let many = try #require(throws: ConfigurationError.self) {
            try parse("seeds: \(list(1000))\nsplit: {folds: 100, fold: all}")
        }
        #expect(many.description.contains("100000 models"))
        #expect(try parse("seeds: \(list(100))").seeds.count == 100)
    }

    @Test func `For a file with many mistakes twenty are reported and the others counted`() throws {
        let text = (0..<5000).map { "key\($0): 1" }.joined(separator: "\n")
        let error = try #require(throws: ConfigurationError.self) { try parse(text) }
        #expect(error.problems.count == 20 && error.list.count == 5000)
        #expect(error.description.hasSuffix("… and 4980 more."))
    }
}
