import Basics
import Catalog
import Configuration
import Foundation
import Testing

@Suite struct ConfigurationTests {
    func parse(_ text: String, _ overrides: String...) throws -> Configuration {
        try Configuration(
            parsing: text, path: "whalebook.yaml", root: URL(filePath: "/project/"), overrides: overrides)
    }

    @Test func `An empty file gives the default configuration`() throws {
        let configuration = try parse("")
        #expect(configuration.train.members.map(\.backbone) == ["tf_efficientnet_lite0"])
        #expect(configuration.train.head.scale == 20)
        #expect(configuration.search.k == 20)
        #expect(configuration.dataDirectory.path == "/project/data/sample")
        #expect(configuration.tree[path: "train.optimizer.backbone-learning-rate"] == 3e-4)
    }

    @Test func `The option data is a folder, or a folder and its layout`() throws {
        #expect(try parse("data: pod").data == DataSettings(folder: "pod"))
        #expect(try parse("data: {folder: pod}").data == DataSettings(folder: "pod"))
        let configuration = try parse("data: {folder: pod, layout: wildlife-datasets}")
        #expect(configuration.resolvedData == DataSettings(folder: "/project/pod", layout: .wildlifeDatasets))
        #expect(try parse("data: {folder: pod}", "data.layout=coco").data.layout == .coco)
        let error = try #require(throws: ConfigurationError.self) { try parse("data: {folder: pod, layout: cocoo}") }
        #expect(error.description.contains("whalebook.yaml:1: 'data.layout' is 'cocoo'"))
        #expect(error.description.contains("Did you mean 'coco'?"))
        let missing = try #require(throws: ConfigurationError.self) { try parse("data: {layout: coco}") }
        #expect(missing.description.contains("'data.folder' is missing"))
    }

    @Test func `Patterns of names are read, written to workers and refused with their line`() throws {
        let patterns = try [PathPattern(path: "*_li*", viewpoint: .left), PathPattern(path: "*/{date}/*")]
        let text = "data:\n  folder: pod\n  patterns:\n" + patterns.map { "  - \($0.yaml)\n" }.joined()
        let configuration = try parse(text)
        #expect(configuration.data.patterns == .listed(patterns))
        #expect(configuration.resolvedData.patterns == .listed(patterns))
        let sent = try JSONEncoder().encode(configuration.resolvedData)
        #expect(try JSONDecoder().decode(DataSettings.self, from: sent) == configuration.resolvedData)
        #expect(try parse("data: {folder: pod, patterns: []}").data.patterns == .listed([]))
        #expect(try parse("data: {folder: pod, patterns: auto}").tree == parse("data: {folder: pod}").tree)
        for (path, problem) in [
            (
                "*{dat}*",
                "whalebook.yaml:3: the pattern '*{dat}*' has an unknown placeholder {dat}. Did you mean {date}?"
            ),
            ("*_li*", "whalebook.yaml: 'data.patterns': the pattern '*_li*' captures nothing. Add a viewpoint"),
        ] {
            let error = try #require(throws: ConfigurationError.self) {
                try parse("data:\n  folder: pod\n  patterns: [{path: \"\(path)\"}]")
            }
            #expect(error.description.contains(problem), "\(error)")
        }
    }

    @Test func `All problems are reported at once with their lines and the nearest names`() throws {
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
    func `One fold, several or all validate in turn`(text: String, folds: [Int]) throws {
        #expect(try parse("split: {fold: \(text)}").folds == folds)
        let error = try #require(throws: ConfigurationError.self) { try parse("split: {fold: some}") }
        #expect(error.description.contains("or 'all'"))
    }

    @Test func `A kind of split has its own options, and refuses those of other kinds`() throws {
        let time = try parse("split: {kind: time, date: 2019-06-30}")
        #expect(time.split.date == Day("2019-06-30"))
        #expect(
            time.tree["split"]?.object?.keys.sorted() == [
                "date", "fold", "folds", "kind", "minimum-images", "rare", "unknown",
            ])
        #expect(try parse("split: {kind: time, proportion: 0.5}").split.date == nil)
        for text in [
            "{kind: encounter, date: 2019-06-30}", "{kind: closed-set, unseen: 0.2}", "{kind: column, proportion: 0.5}",
            "{kind: individual, unseen-images: 0.2}", "{kind: time, date: 2019-06-30, proportion: 0.5}",
        ] {
            let error = #expect(throws: ConfigurationError.self) { try parse("split: \(text)") }
            #expect(error?.description.contains("has no effect with") == true, "\(text)")
        }
        let error = #expect(throws: ConfigurationError.self) { try parse("split: {kind: time, date: 2019-02-29}") }
        #expect(error?.description.contains("is '2019-02-29' but must be 'none', or a day, YYYY-MM-DD") == true)
    }

    @Test func `Scenarios are automatic, or follow rules whose sides have one viewpoint, several or all`() throws {
        #expect(try parse("").scenarios == nil)
        let text = """
            scenarios:
              - {name: plain}
              - {name: top-lateral, queries: {viewpoint: top}, database: {viewpoint: [left, right], role: test}}
              - {name: years, same-encounter: true, years: earlier, unanswerable: keep}
            """
        #expect(
            try parse(text).scenarios == [
                ScenarioRule(name: "plain"),
                ScenarioRule(name: "top-lateral") {
                    $0.queries.viewpoints = [.top]
                    $0.queries.roles = [.test]
                    $0.database.viewpoints = [.left, .right]
                    $0.database.roles = [.test]
                },
                ScenarioRule(name: "years") {
                    $0.sameEncounter = true
                    $0.years = .earlier
                    $0.unanswerable = .keep
                },
            ])
    }

    @Test(arguments: [
        ("[{nme: a}]", "whalebook.yaml:1: unknown option 'scenarios.0.nme'. Did you mean 'name'?"),
        ("[{name: a}, {name: a}]", "two scenarios share a name"),
        ("[{name: ../a}]", "a scenario's name cannot be a file name"),
        ("[{name: a, years: later}]", "'scenarios.0.years' is 'later' but must be one of: all, same, earlier"),
        ("[]", "'scenarios' is not a single value but must be"),
        ("atuo", "'scenarios' is 'atuo' but must be 'auto'"),
    ])
    func `An invalid rule is refused with its place`(text: String, message: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse("scenarios: \(text)") }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test func `An override into a list that the file does not have is an error`() throws {
        let error = try #require(throws: ConfigurationError.self) { try parse("", "train.members.0.weight=2") }
        #expect(error.description.contains("is not an entry of the file's list"))
    }

    @Test(arguments: [
        "seeds: []", "seeds: [1, 1]", "split: {fold: 5}", "split: {fold: [0, 5]}", "split: {fold: []}",
        "split: {fold: [1, 1]}",
        "train: {members: [{name: a/b, backbone: c}]}",
    ])
    func `Contradictory options are refused`(text: String) {
        #expect(throws: ConfigurationError.self) { try parse(text) }
    }

    @Test func `Text that is not YAML is refused with a reason`() throws {
        let error = try #require(throws: ConfigurationError.self) { try parse("a: [1") }
        #expect(error.description.contains("the YAML is not valid"))
        let marked = try #require(throws: ConfigurationError.self) { try parse("data: x\nsplit: {kind: [}\n") }
        #expect(marked.description.hasPrefix("whalebook.yaml:2: "), "\(marked)")
    }

    @Test func `Poolings, heads and losses have their own options, and the short forms are still valid`() throws {
        let plain = try parse("train: {head: {kind: arcface, scale: 20, margin: 0.3}, pooling: {kind: gem, p: 3}}")
        #expect(plain.train == (try parse("")).train)
        let train = try parse(
            """
            train:
              pooling: {kind: dolg, p: 2.5, learned: false, dilations: [3, 6, 9, 12, 15, 18, 21], projection: write-up}
              head: {kind: sub-centre, centres: 3, margin-rule: range, margin-low: 0.1, margin-high: 0.4}
              loss: {kind: cross-entropy, smoothing: 0.1, class-weights: balanced}
            """
        ).train
        #expect(train.pooling.kind == .dolg)
        #expect(!train.pooling.learned)
        #expect(train.pooling.dilations == [3, 6, 9, 12, 15, 18, 21])
        #expect(train.pooling.projection == .writeUp)
        #expect(train.head.kind == .subCentre)
        #expect(train.head.centres == 3)
        #expect(train.head.marginRule == .range)
        #expect(train.head.marginHigh == 0.4)
        #expect(train.loss.classWeights == .balanced)
    }

    @Test(arguments: [
        ("pooling: {kind: average, p: 3}", "'train.pooling.p' has no effect with kind 'average'", "kind: gem or two-"),
        ("pooling: {dilations: [3]}", "'train.pooling.dilations' has no effect with kind 'gem'", "kind: dolg"),
        ("head: {centres: 2}", "'train.head.centres' has no effect with kind 'arcface'", "kind: sub-centre"),
        (
            "head: {kind: linear, margin: 0.3}", "'train.head.margin' has no effect with kind 'linear'",
            "arcface or sub-"
        ),
        (
            "head: {margin-rule: power, margin: 0.3}", "'train.head.margin' has no effect with margin-rule 'power'",
            "margin-rule: fixed or elastic"
        ),
        ("loss: {kind: cross-entropy, gamma: 2}", "'train.loss.gamma' has no effect with kind", "kind: focal"),
        ("pooling: {p: 0.5}", "'train.pooling.p' is '0.5' but must be a number from 1 to 100", "Correct it"),
        ("pooling: {kind: dolg, dilations: [0]}", "'train.pooling.dilations.0' is '0' but must be", "Correct it"),
        ("head: {margin: 1.6}", "'train.head.margin' is '1.6' but must be", "Correct it"),
        ("head: {kind: arcfac}", "'train.head.kind' is 'arcfac' but must be one of", "Did you mean 'arcface'?"),
        ("members: [{name: a, backbone: b, stochastic-depth: 1}]", "stochastic-depth' is '1' but must", "Correct it"),
    ])
    func `Options that a kind does not read and values outside a range are refused with file, line and key`(
        text: String, problem: String, remedy: String
    ) throws {
        let error = try #require(throws: ConfigurationError.self) { try parse("train:\n  \(text)") }
        let line = error.description
        #expect(error.problems.count == 1, "\(line)")
        #expect(line.hasPrefix("whalebook.yaml:2: "), "\(line)")
        #expect(line.contains(problem) && line.contains(remedy), "\(line)")
    }

    @Test func `Options of the file that an override's kind does not read are ignored with a note`() throws {
        let text = """
            train:
              pooling: {kind: dolg, p: 4, dilations: [3]}
              head: {kind: sub-centre, centres: 3, margin-rule: power, margin-factor: 0.2}
            """
        let average = try parse(text, "train.pooling.kind=average")
        #expect(average.tree == (try parse(text, "train.pooling={kind: average}")).tree)
        #expect(average.train.pooling == (try parse("train: {pooling: {kind: average}}")).train.pooling)
        #expect(
            average.notes.map(\.description) == [
                "whalebook.yaml:2: 'train.pooling.p' has no effect with kind 'average', which --set chose. "
                    + "It is ignored.",
                "whalebook.yaml:2: 'train.pooling.dilations' has no effect with kind 'average', which --set chose. "
                    + "It is ignored.",
            ])
        #expect(average.train.head.centres == 3)
        let ranged = try parse(text, "train.head.margin-rule=range", "train.head.margin-low=0.1")
        #expect(ranged.notes.map(\.line) == [3])
        #expect(ranged.train.head.marginLow == 0.1)
        #expect(try parse(text, "search.k=5").notes.isEmpty)
    }

    @Test(arguments: [
        ["train.pooling.kind=average", "train.pooling.p=3"], ["train.pooling={kind: average, p: 3}"],
        ["train.pooling={kind: average}", "train.pooling.dilations.0=3"], ["train.pooling.dilations=[3]"],
    ])
    func `An option that an override sets must have an effect`(overrides: [String]) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Configuration(
                parsing: "train: {pooling: {kind: gem, p: 4}}", path: "whalebook.yaml", root: URL(filePath: "/"),
                overrides: overrides)
        }
        #expect(error.description.contains("has no effect with kind"), "\(error)")
    }

    @Test func `A member has one weights file, or a hybrid one for each of its parts`() throws {
        func weights(_ text: String) throws -> MemberWeights {
            try parse("train: {members: [{name: a, backbone: b, weights: \(text)}]}").train.members[0].weights
        }
        #expect(try weights("none") == .none)
        #expect(try weights("a.safetensors") == .whole("a.safetensors"))
        let parts = try weights("{cnn: c.safetensors, transformer: 'hf-hub:timm/t'}")
        #expect(parts == .parts(cnn: "c.safetensors", transformer: "hf-hub:timm/t"))
        #expect(try weights("{transformer: t}") == .parts(cnn: "none", transformer: "t"))
        #expect(try JSONValue(encoding: parts).decoded(as: MemberWeights.self) == parts)
        #expect(try JSONValue(encoding: MemberWeights.whole("a")) == "a")
        let error = try #require(throws: ConfigurationError.self) { try weights("{cnn: c, transfomer: t}") }
        #expect(error.description.contains("'train.members.0.weights.transfomer'. Did you mean 'transformer'?"))
        #expect(throws: ConfigurationError.self) { try weights("[a, b]") }
    }

    @Test func `float16 needs a graphics card, bfloat16 and float32 do not`() throws {
        let error = try #require(throws: ConfigurationError.self) { try parse("precision: float16\ndevice: cpu") }
        #expect(error.description.contains("Write precision: bfloat16, or device: cuda."), "\(error)")
        #expect(try parse("precision: float16").precision == .float16)
        #expect(try parse("{precision: bfloat16, device: cpu}").precision == .bfloat16)
        #expect(try parse("").precision == .float32)
    }

    @Test(arguments: [
        ("{margin-rule: range, margin-low: 0.5, margin-high: 0.1}", "margin-low is 0.5 but margin-high is 0.1"),
        ("{margin-rule: power, margin-factor: 1.4, margin-offset: 0.2}", "a margin of 1.5999"),
    ])
    func `Margins that contradict each other are refused`(head: String, problem: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try parse("train: {head: \(head)}") }
        #expect(error.description.contains(problem), "\(error)")
    }

    @Test func `A silent option is left out while it has its default`() throws {
        let member = "train: {members: [{name: a, backbone: b, fit: \(Fit.stretch.rawValue)}]}"
        let plain = try parse("train: {members: [{name: a, backbone: b}]}")
        #expect(try parse(member).tree == plain.tree)
        #expect(plain.tree[path: "train.members.0.fit"] == nil && plain.train.members[0].fit == .stretch)
        #expect(plain.tree[path: "train.augment.hue"] == nil && plain.train.augment.hue == 0)
        let other = try parse(
            "train: {members: [{name: a, backbone: b, fit: crop}], augment: {hue: 40, jpeg-quality: 80}}")
        #expect(other.tree[path: "train.members.0.fit"] == "crop" && other.train.members[0].fit == .crop)
        #expect(other.tree[path: "train.augment.hue"] == 40 && other.train.augment.jpegQuality == 80)
    }

    @Test func `Settings from before an option existed are read with its default`() throws {
        let train = try parse("").train
        var described = try #require(try JSONValue(encoding: train).object)
        described["pooling"] = ["kind": "gem", "p": 3]
        described["head"] = ["kind": "arcface", "scale": 20, "margin": 0.3]
        described["loss"] = ["kind": "focal", "gamma": 2, "reduction": "sample", "smoothing": 0]
        let member: JSONValue = [
            "name": "lite0", "backbone": "tf_efficientnet_lite0", "weights": "none", "image-size": 128, "weight": 1,
        ]
        described["members"] = [member]
        #expect(try TrainSettings(described: .object(described)) == train)
        #expect(try MemberSettings(described: member) == train.members[0])
        described["pooling"] = ["kind": "gone"]
        #expect(throws: DecodingError.self) { try TrainSettings(described: .object(described)) }
    }
}
