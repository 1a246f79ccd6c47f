import Basics
import Foundation
import Testing

@testable import Reports

/// A folder of Swift files, removed at the end.
struct SnippetTests: ~Copyable {
    private let root = FileManager.default.temporaryDirectory.appending(path: "sources-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: root) }

    private func write(_ text: String, to path: String = "M/A.swift") throws {
        try AtomicFile.write(text, to: root.appending(path: path))
    }

    @Test func `A snippet has its lines without the markers and the common indentation`() throws {
        try write(
            """
            struct A {
                // snippet.begin middle
                func f() {

                    g()
                }
                // snippet.end
            }
            // snippet.begin last
            let a = 1
            // snippet.end
            """)
        let snippet = try Snippet.named("middle", in: root)
        #expect(snippet.path == "M/A.swift" && snippet.lines == 3...6)
        #expect(snippet.text == "func f() {\n\n    g()\n}")
        #expect(try Snippet.named("last", in: root).text == "let a = 1")
    }

    @Test func `A missing snippet is an error that names the nearest`() throws {
        try write("// snippet.begin focal-losses\nlet a = 1\n// snippet.end\n")
        #expect { try Snippet.named("focal-loss", in: root) } throws: {
            "\($0)" == "no source file marks a snippet 'focal-loss'. Did you mean 'focal-losses'?"
        }
        #expect { try Snippet.named("quite-another", in: root) } throws: {
            "\($0)".contains("Put '// snippet.begin quite-another' and '// snippet.end' around the lines to quote.")
        }
    }

    @Test func `Two snippets of one name are an error that names both`() throws {
        for path in ["A.swift", "B/A.swift"] {
            try write("\n// snippet.begin a\nlet a = 1\n// snippet.end\n", to: path)
        }
        #expect { try Snippet.named("a", in: root) } throws: {
            "\($0)" == "2 snippets are called 'a': A.swift:2, B/A.swift:2. Rename all but one."
        }
    }

    @Test(arguments: [
        ("// snippet.begin a\nlet a = 1\n", "A.swift:1: snippet 'a' has no end"),
        ("// snippet.begin a\n// snippet.end\n", "A.swift:2: '// snippet.end' does not fit here"),
        ("let a = 1\n// snippet.end\n", "A.swift:2: '// snippet.end' does not fit here"),
        ("// snippet.begin a\nb\n// snippet.begin c\n", "A.swift:3: '// snippet.begin c' does not fit here"),
        ("// snippet.begin\nb\n// snippet.end\n", "A.swift:1: '// snippet.begin' does not fit here"),
        ("// snippet.start a\nb\n// snippet.end\n", "A.swift:1: '// snippet.start a' does not fit here"),
    ])
    func `A marker without its partner is an error with its line`(text: String, message: String) throws {
        try write(text, to: "A.swift")
        #expect { try Snippet.named("a", in: root) } throws: { "\($0)".hasPrefix(message) }
    }

    @Test func `A folder without Swift files is an error`() throws {
        try write("text", to: "A.txt")
        #expect { try Snippet.named("a", in: root) } throws: { "\($0)".contains("there is no Swift file in") }
    }

    @Test func `Every snippet of our sources is whole`() throws {
        let sources = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources")
        for (name, line) in [
            ("focal-loss", "(1 - (-entropy).exponential()).clamped(from: 1e-12).power(gamma)"),
            ("arcface", "isTarget.choose(penalised, else: cosine) * scale"),
            ("joined-score", "let mean = probabilities.reduce(0, +)"),
            ("lnbnn", "scores[Int(photographs[place])] += 2"),
            ("nearest-neighbours", "cosine.multiply(block, rows, by: blas, into: products)"),
        ] { #expect(try Snippet.named(name, in: sources).text.contains(line), "\(name)") }
    }
}
