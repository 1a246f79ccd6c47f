import Basics
import Foundation
import Testing

@testable import Configuration

struct BoundTests {
    private static let bomb = """
        a: &a [x, x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
        e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
        f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
        g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]
        h: &h [*g, *g, *g, *g, *g, *g, *g, *g, *g]

        """

    private func problem(_ text: String, overrides: [String] = []) throws -> String {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(
                parsing: text, path: "whalebook.yaml", root: URL(filePath: "/"), overrides: overrides)
        }
        return try #require(error).description
    }

    @Test func `Aliases that expand too far are refused with their line and the bound`() throws {
        let told = "whalebook.yaml:6: with its aliases (*name) expanded, the YAML has more than 100000 values."
        #expect(try problem("data: pod\n" + Self.bomb.replacing("a: &a", with: "seeds: &a")).contains("100000"))
        #expect(try problem(Self.bomb).hasPrefix(told))
        #expect(try problem(Self.bomb + "? [*h, *h]\n: 1\n").hasPrefix(told))
    }

    @Test func `The value of --set is also bounded`() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(try problem("data: pod\n", overrides: ["seeds=\(deep)"]).contains("nests more than 100 levels"))
    }
}
