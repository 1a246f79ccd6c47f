import Configuration
import Foundation
import Testing

/// The values of `--set`, and the source that errors name.
struct OverrideTests {
    private func parse(_ text: String, _ overrides: String...) throws -> Configuration {
        try Configuration(parsing: text, path: "whalebook.yaml", root: URL(filePath: "/"), overrides: overrides)
    }

    @Test(arguments: [
        "train.members.b.backbone=[x]", "train.members.1.backbone=[x]", "train.members.b={backbone: [x]}",
    ])
    func `The error of a wrong value of a member names the override that gave it`(override: String) {
        #expect {
            try parse("train: {members: [{name: a, backbone: x}, {name: b, backbone: y}]}", override)
        } throws: {
            "\($0)".contains("--set \(override): 'train.members.1.backbone' is not a single value")
                && !"\($0)".contains("whalebook.yaml")
        }
    }

    @Test(arguments: ["train.schedule.epochs=five", "train.schedule={epochs: five}"])
    func `The error of a wrong value names the override that gave it`(override: String) {
        #expect {
            try parse("train: {schedule: {epochs: 3}}", override)
        } throws: {
            "\($0)".hasPrefix("--set \(override): 'train.schedule.epochs' is 'five'")
        }
    }

    @Test func `The error of a wrong value in the file keeps its line`() {
        #expect {
            try parse("seeds: [1]\ntrain: {schedule: {epochs: five}}", "search.k=5")
        } throws: {
            "\($0)".hasPrefix("whalebook.yaml:2: ")
        }
    }

    @Test func `The error of an unknown option names the override`() {
        #expect {
            try parse("seeds: [1]", "train.schedul.epochs=5")
        } throws: {
            "\($0)".hasPrefix("--set train.schedul.epochs=5: unknown option 'train.schedul'")
                && "\($0)".contains("Did you mean 'schedule'?")
        }
    }

    @Test func `A member is identified by its name or its position`() throws {
        let text = """
            train:
              members:
                - {name: lite0, backbone: tf_efficientnet_lite0}
                - {name: other, backbone: tf_efficientnet_lite0}
            """
        let changed = try parse(text, "train.members.other.image-size=64", "train.members.0.image-size=96")
        #expect(changed.train.members.map(\.imageSize) == [96, 64])
    }

    @Test func `A missing member is reported`() {
        #expect {
            try parse("train: {members: [{name: a, backbone: b}]}", "train.members.lite0.image-size=64")
        } throws: {
            "\($0)".contains("is not an entry of the file's list")
        }
    }

    @Test func `The error of a missing configuration says how to write one`() {
        #expect {
            try Configuration.read(URL(filePath: "/nowhere/whalebook.yaml"))
        } throws: {
            "\($0)".contains("whalebook init DIR")
        }
    }

    /// Nested aliases, each ten times the one before: 100,000 values in a hundred characters.
    private static let bomb = """
        train={a: &a [x, x, x, x, x, x, x, x, x, x], b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a], \
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b], d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c], \
        e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]}
        """

    @Test(arguments: [
        (bomb, "with its aliases (*name) expanded, the YAML has more than"),
        ("train={a: [", "the YAML is not valid: "),
    ])
    func `The error of malformed YAML names the override that contains it`(override: String, problem: String) {
        #expect {
            try parse("seeds: [1]\n", "search.k=5", override)
        } throws: {
            "\($0)".hasPrefix("--set \(override.prefix(20))") && "\($0)".contains(": \(problem)")
                && !"\($0)".contains("whalebook.yaml")
        }
        #expect {
            try parse("seeds: [1]\ntrain: [\n", "search.k=5")
        } throws: {
            "\($0)".hasPrefix("whalebook.yaml:")
        }
    }

    @Test func `The error of a long override is short`() {
        let long = String(repeating: "x", count: 1_000_000)
        let deep = String(repeating: "a.", count: 500_000)
        for override in ["train.\(long)=5", "train.schedule.epochs=\(long)", long, "\(deep)a=1", "\(deep)a"] {
            #expect {
                try parse("seeds: [1]", override)
            } throws: {
                "\($0)".utf8.count < 1_500
            }
        }
    }
}
