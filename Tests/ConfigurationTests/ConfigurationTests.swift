import Basics
import Configuration
import Foundation
import Testing

@Suite struct ConfigurationTests {
    func parse(_ text: String, _ overrides: String...) throws -> Configuration {
        try Configuration(
            parsing: text, path: "whalebook.yaml", root: URL(filePath: "/project/"), overrides: overrides)
    }

    @Test func `An empty file is the standard configuration`() throws {
        let configuration = try parse("")
        #expect(configuration.train.members.map(\.backbone) == ["tf_efficientnet_lite0"])
        #expect(configuration.train.head.scale == 20)
        #expect(configuration.search.k == 20)
        #expect(configuration.dataDirectory.path == "/project/data/sample")
        #expect(configuration.tree[path: "train.optimizer.backbone-learning-rate"] == 3e-4)
    }

    @Test func `Every problem is told at once with its line and the nearest name`() throws {
        let text = """
            data: x
            train:
              shedule: {epochs: 3}
              batch-size: none
            embed: {mirror: maybe}
            split: {kind: encountr}
            """
        let error = try #require(throws: ConfigurationError.self) { try parse(text) }
        let lines = error.description.split(separator: "\n")
        #expect(
            lines.contains("whalebook.yaml:3: unknown option 'train.shedule'. Did you mean 'schedule'?"))
        #expect(lines.contains { $0.hasPrefix("whalebook.yaml:4: 'train.batch-size' is 'none' but must be a whole") })
        #expect(lines.contains { $0.hasPrefix("whalebook.yaml:5: 'embed.mirror' is 'maybe'") })
        #expect(lines.contains { $0.hasSuffix("Did you mean 'encounter'?") })
        #expect(lines.count == 4)
    }

    @Test func `Overrides reach into sections and lists`() throws {
        let configuration = try parse("search: {k: 20}", "search.k=10", "train.augment.flip=off", "expand=[]")
        #expect(configuration.search.k == 10)
        #expect(configuration.expand.isEmpty)
        #expect(throws: OverrideError.self) { try parse("", "search.k") }
        #expect(throws: ConfigurationError.self) { try parse("", "search.kk=10") }
    }

    @Test(arguments: [("0", [0]), ("[3, 1]", [3, 1]), ("all", [0, 1, 2, 3, 4])])
    func `One fold, several or all take their turn`(text: String, folds: [Int]) throws {
        #expect(try parse("split: {fold: \(text)}").folds == folds)
        let error = try #require(throws: ConfigurationError.self) { try parse("split: {fold: some}") }
        #expect(error.description.contains("or one of: all"))
    }

    @Test func `An override into a list that the file does not hold says so`() throws {
        let error = try #require(throws: ConfigurationError.self) { try parse("", "train.members.0.weight=2") }
        #expect(error.description.contains("'train.members' is no list in the file"))
    }

    @Test(arguments: [
        "seeds: []", "seeds: [1, 1]", "split: {fold: 5}", "split: {fold: [0, 5]}", "split: {fold: []}",
        "split: {fold: [1, 1]}",
        "train: {members: [{name: a/b, backbone: c}]}",
    ])
    func `What cannot be is refused`(text: String) {
        #expect(throws: ConfigurationError.self) { try parse(text) }
    }

    @Test func `Text that is no YAML is refused with a reason`() throws {
        let error = try #require(throws: ConfigurationError.self) { try parse("a: [1") }
        #expect(error.description.contains("not valid YAML"))
        let marked = try #require(throws: ConfigurationError.self) { try parse("data: x\nsplit: {kind: [}\n") }
        #expect(marked.description.hasPrefix("whalebook.yaml:2: "), "\(marked)")
    }
}
