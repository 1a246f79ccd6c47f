import Basics
import Foundation
import TestSupport
import Testing

/// Every option of every command that takes a value, with numbers that it must refuse. The list comes from the program,
/// so that new options are included.
struct OptionNumberTests {
    static let extremes = [
        "-9223372036854775808", "-1", "-0", "0", "1000000000", "9223372036854775807", "9223372036854775808", "nan",
        "inf", "1e308", "", "9223372036854775807:3", "3:9223372036854775807", "alpha-qe:9223372036854775807:3",
        "k-reciprocal:9223372036854775807:9223372036854775807:9", "seeds=[9223372036854775807:59]",
    ]

    /// An option with a value, and an otherwise complete command line.
    struct Case: CustomTestStringConvertible, Sendable {
        let command: [String]
        let option: String
        var testDescription: String { "\(command[0]) \(option)" }
    }

    /// The required arguments of a command, with which it ends soon whatever the option is.
    private static let needed: [String: [String]] = [
        "init": ["--documents"], "sample": ["taken"], "catalog": ["pod"], "split": [], "backbones": [], "status": [],
        "run": ["-n"], "runs": [], "path": ["split"], "tag": ["1", "name"], "compare": ["1", "2"],
        "import": ["e.npy"], "gc": [], "render": ["none.book.md"],
        "report": ["none.book.md"], "preview": ["none.book.md"], "verify": ["none.book.md"],
        "embed": ["--data", "pod", "--output", "x.npy", "--checkpoint", "none"],
        "search": ["--embeddings", "e.npy", "--data", "pod", "--output", "s.csv"],
        "submit": ["pod", "--output", "s.csv"], "score": ["pod/labels.csv", "pod/labels.csv"], "identify": ["pod"],
        "review": ["--list"], "fetch": ["none", "fetched"], "export": ["exported"],
    ]

    private static func cases() throws -> [Case] {
        let shell = try Shell()
        defer { shell.remove() }
        let help = try JSONValue(
            parsing: Data(shell.whalebook("--experimental-dump-help").output.utf8))
        return try (help[path: "command.subcommands"]?.array ?? []).flatMap { command -> [Case] in
            let name = try #require(command["commandName"]?.string)
            guard name != "help" else { return [] }
            let rest = try #require(needed[name], "Write what '\(name)' cannot be without into the table.")
            return (command["arguments"]?.array ?? []).filter { $0["kind"] == "option" }.compactMap { option in
                let long = option[path: "preferredName.name"]?.string ?? ""
                let isShort = option[path: "preferredName.kind"] == "short"
                return Case(command: [name] + rest, option: isShort ? "-\(long)" : "--\(long)")
            }
        }
    }

    /// A folder in which commands end soon: no configuration, a pod, its embeddings and a file that is not a worker.
    private func place() throws -> Shell {
        let shell = try Shell.project()
        try shell.move("whalebook.yaml", to: "other.yaml")
        try shell.writeEmbeddings(to: "e.npy")
        try shell.write("x", to: "taken/notes.txt")
        return shell
    }

    @Test func `No number given to an option ends in a crash`() throws {
        let shell = try place()
        defer { shell.remove() }
        let cases = try Self.cases()
        let names = Set(cases.map(\.testDescription))
        #expect(
            names.isSuperset(of: [
                "search --expand", "search --k", "identify --count", "embed --image-size", "sample --whales",
                "preview --port", "review --worst", "import --seed", "run --set", "render -P",
            ]), "\(names.sorted())")
        // A quarter of the numbers for each option, and all of them for any four options that follow each other.
        let share = Thoroughness.isFull ? 1 : 4
        for (number, option) in cases.enumerated() {
            for (place, value) in Self.extremes.enumerated() where place % share == number % share {
                let isShort = !option.option.hasPrefix("--")
                let words = isShort ? [option.option, value] : ["\(option.option)=\(value)"]
                let outcome = try shell.whalebook(
                    arguments: option.command + words, environment: ["WHALEBOOK_WORKER": "/bin/false"])
                // Whalebook's codes and the argument parser's; a crash is a signal, or more than 128.
                let told = "\(option.testDescription) '\(value)': \(outcome.status) \(outcome.errors.prefix(300))"
                #expect([0, 1, 2, 3, 4, 5, 6, 64].contains(outcome.status), "\(told)")
                #expect(!outcome.errors.contains("Fatal error") && !outcome.errors.contains("crashed"), "\(told)")
                if outcome.status != 0, outcome.status != 2 { #expect(!outcome.errors.isEmpty, "\(told)") }
            }
        }
    }

    @Test(arguments: ["abc", "0", "-1", "1e9", "9223372036854775807", "99999999999999999999", "nan", " 2", "1025"])
    func `An invalid number of threads is reported`(threads: String) throws {
        let shell = try place()
        defer { shell.remove() }
        try shell.move("other.yaml", to: "whalebook.yaml")
        for command in [["backbones"], ["embed", "--data", "pod", "--checkpoint", "pod", "--output", "x.npy"]] {
            let outcome = try shell.whalebook(arguments: command, environment: ["WHALEBOOK_THREADS": threads])
            #expect([1, 3].contains(outcome.status))
            #expect(
                outcome.errors.contains("WHALEBOOK_THREADS is '\(threads)'. Set it to a number from 1 to 1024."),
                "\(command): \(outcome.errors)")
        }
    }
}
