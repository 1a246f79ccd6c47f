import Configuration
import Foundation
import Testing

/// What `--set` gives, and who is blamed for it.
struct OverrideTests {
    private func parse(_ text: String, _ overrides: String...) throws -> Configuration {
        try Configuration(parsing: text, path: "whalebook.yaml", root: URL(filePath: "/"), overrides: overrides)
    }

    @Test(arguments: ["train.schedule.epochs=five", "train.schedule={epochs: five}"])
    func `A wrong value is blamed on the override that gave it`(override: String) {
        #expect {
            try parse("train: {schedule: {epochs: 3}}", override)
        } throws: {
            "\($0)".hasPrefix("--set \(override): 'train.schedule.epochs' is 'five'")
        }
    }

    @Test func `A wrong value of the file keeps its line`() {
        #expect {
            try parse("seeds: [1]\ntrain: {schedule: {epochs: five}}", "search.k=5")
        } throws: {
            "\($0)".hasPrefix("whalebook.yaml:2: ")
        }
    }

    @Test func `An unknown option is blamed on the override`() {
        #expect {
            try parse("seeds: [1]", "train.schedul.epochs=5")
        } throws: {
            "\($0)".hasPrefix("--set train.schedul.epochs=5: unknown option 'train.schedul'")
                && "\($0)".contains("Did you mean 'schedule'?")
        }
    }

    @Test func `A member is reached by its name and by its position`() throws {
        let text = """
            train:
              members:
                - {name: lite0, backbone: tf_efficientnet_lite0}
                - {name: other, backbone: tf_efficientnet_lite0}
            """
        let changed = try parse(text, "train.members.other.image-size=64", "train.members.0.image-size=96")
        #expect(changed.train.members.map(\.imageSize) == [96, 64])
    }

    @Test func `A member that is not there is said to be missing`() {
        #expect {
            try parse("train: {members: [{name: a, backbone: b}]}", "train.members.lite0.image-size=64")
        } throws: {
            "\($0)".contains("'train.members' has no such entry in the file")
        }
    }

    @Test func `A missing configuration says how to get one`() {
        #expect {
            try Configuration.read(URL(filePath: "/nowhere/whalebook.yaml"))
        } throws: {
            "\($0)".contains("whalebook init DIR")
        }
    }

    /// Ten times ten of the ones before: 100,000 values in a hundred characters.
    private static let bomb = """
        train={a: &a [x, x, x, x, x, x, x, x, x, x], b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a], \
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b], d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c], \
        e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]}
        """

    @Test(arguments: [
        (bomb, "with its aliases (*name) expanded, the YAML has more than"),
        ("train={a: [", "this is not valid YAML: "),
    ])
    func `YAML that cannot be read is blamed on the override that holds it`(override: String, problem: String) {
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

    @Test func `An override of any length is refused in few words`() {
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
