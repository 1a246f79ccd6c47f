import Basics
import Foundation
import Options
import Testing

@testable import Configuration

/// The rules for all option declarations, and reading a configuration by them.
@Suite struct DeclarationTests {
    private static let options = Settings.optionKind.options()

    private func parse(_ text: String) throws -> Configuration {
        try Configuration(parsing: text, path: "w.yaml", root: URL(filePath: "/"))
    }

    @Test func `Conditions name an option of the same section and some of its choices`() throws {
        for placed in Self.options {
            let section = placed.path.split(separator: ".").dropLast().joined(separator: ".")
            for condition in placed.option.conditions {
                let path = section.isEmpty ? condition.option : "\(section).\(condition.option)"
                let other = try #require(Self.options.first { $0.path == path }, "\(placed.path) needs \(path)")
                #expect(Set(condition.choices).isSubset(of: Self.names(of: other.option.kind)), "\(placed.path)")
            }
        }
    }

    private static func names(of kind: OptionKind) -> Set<String> {
        switch kind {
        case .choice(let names): Set(names)
        case .either(let first, let second): names(of: first).union(names(of: second))
        default: []
        }
    }

    @Test func `Every option is described in sentences, once`() {
        for placed in Self.options {
            let meaning = placed.option.meaning
            #expect(meaning.hasSuffix("."), "\(placed.path)")
            #expect(!meaning.contains("\n") && !meaning.contains("  "), "\(placed.path)")
        }
    }

    @Test func `Names are those of the properties in kebab case`() {
        let paths = Set(Self.options.map(\.path))
        #expect(
            paths.isSuperset(of: [
                "train.head.margin-rule", "train.augment.jpeg-quality", "split.fold", "train.checkpoints.minutes",
                "skip-broken", "train.members.*.weights.cnn", "scenarios.*.queries.viewpoint", "expand.*.k1",
                "data.patterns.*.path",
            ]))
        #expect(paths.count == Self.options.count)
    }

    @Test func `A changed copy does not change the original`() throws {
        let settings = try parse("train: {batch-size: 8}").train
        var copy = settings
        copy.batchSize = 16
        copy.members[0].weights = .parts(cnn: "a", transformer: "none")
        copy.head.scale = 5
        #expect(settings.batchSize == 8 && settings.head.scale == 20 && settings.members[0].weights == .none)
        #expect(copy != settings && copy.batchSize == 16 && copy.head.scale == 5)
        #expect(copy.members[0].weights == .parts(cnn: "a", transformer: "none"))
        copy = settings
        #expect(copy == settings)
    }

    @Test func `A missing option has the property's default`() throws {
        let rule = try parse("scenarios: [{name: a, queries: {viewpoint: top}}]").scenarios?[0]
        #expect(rule?.queries.roles == [.test] && rule?.database.roles == [.train, .validation, .test])
        let decoded = try JSONDecoder().decode(TrainSettings.self, from: Data(#"{"head": {"scale": 3}}"#.utf8))
        #expect(decoded.head.scale == 3 && decoded.head.margin == 0.3 && decoded.batchSize == 32)
    }

    @Test(arguments: [
        (#"{"head": {"kind": "arcfac"}}"#, #"'head.kind' is "arcfac" but must be one of: arcface, sub-centre, linear"#),
        (#"{"batch-size": "x"}"#, #"'batch-size' is "x" but must be a whole number"#),
        (#"{"members": [{"name": "a"}]}"#, "'members.a.backbone' is missing"),
        (#"{"loss": 3}"#, "'loss' is 3 but must be a section of options"),
    ])
    func `A value that no version wrote is refused with its path`(text: String, problem: String) throws {
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(TrainSettings.self, from: Data(text.utf8))
        }
        #expect("\(error)".contains(problem), "\(error)")
    }

    @Test func `A reader of options records the paths that it read`() throws {
        let configuration = try parse(
            """
            search: {k: 7}
            train:
              head: {scale: 12}
              members:
                - {name: a, backbone: b, weight: 2}
                - {name: z, backbone: y, pooling: {kind: gem, p: 4}}
            expand: [{kind: power}]
            scenarios: [{name: top}]
            """)
        let reader = OptionReader(configuration)
        #expect(reader.paths.isEmpty)
        #expect(reader.read(\.search.$k) == 7)
        #expect(reader.read(\.train.$head).scale == 12)
        #expect(reader.read(\.train.members[0].$weight) == 2)
        #expect(reader.read(\.train.members[1].$pooling)?.p == 4)
        #expect(reader.read(\.$expand).map(\.kind) == [.power])
        #expect(reader.read(\.expand[0].$exponent) == 7)
        #expect(reader.read(\.scenarios![0].database.$roles) == [.train, .validation, .test])
        #expect(reader.read(\.split.$kind) == .encounter)
        #expect(reader.read(\.checkpoints.$kept) == 2)
        #expect(reader.read(\.data.$folder) == "data/sample")
        #expect(
            reader.paths.map(\.text).sorted() == [
                "data.folder", "expand", "expand.0.exponent", "scenarios.top.database.role", "search.k", "split.kind",
                "train.checkpoints.kept", "train.head", "train.members.a.weight", "train.members.z.pooling",
            ])
        #expect(OptionReader.pattern(of: \.train.members[0].$weight) == "train.members.*.weight")
        #expect(OptionReader.pattern(of: \.$bridge) == "bridge")
        #expect(OptionReader.pattern(of: \.split.$unseenImages) == "split.unseen-images")
        #expect(Set(reader.paths.map(\.pattern)).isSubset(of: Self.options.map(\.path)))
        #expect(configuration.train.members[1].pooling?.$p.path.text == "train.members.z.pooling.p")
    }
}
