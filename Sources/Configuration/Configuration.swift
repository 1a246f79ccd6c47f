import Basics
import Catalog
import Foundation
import YAML

/// The resolved whalebook.yaml: every option with its value, given or standard.
public struct Configuration: Sendable, Equatable {
    /// Every option that means something as a tree, for keys of nodes and for reports.
    public let tree: JSONValue
    /// What of the file the overrides leave without a meaning.
    public let notes: [FileProblem]
    /// The folder that relative paths start from: that of the file.
    public let root: URL
    /// The file's name without its ending, `whalebook` as a rule: configurations in one folder go by it.
    public let name: String
    public let data: DataSettings
    /// Whether photographs that cannot be read are left out; else one of them stops the work.
    public let skipsBroken: Bool
    public let device: DeviceChoice
    public let precision: Precision
    public let seeds: [Int]
    /// The rules that scenarios are made by; nil for those that ship with the data, or else the automatic ones.
    public let scenarios: [ScenarioRule]?
    public let split: SplitSettings
    /// The parts that take their turn in validation: `split.fold`.
    public let folds: [Int]
    public let train: TrainSettings
    public let checkpoints: CheckpointSettings
    public let embed: EmbedSettings
    public let bridge: BridgeSettings
    public let search: SearchSettings
    public let expand: [ExpansionSettings]
    public let sweep: SweepSettings
    public let explain: ExplainSettings
    public let reduce: ReduceSettings
    public let evaluate: EvaluateSettings

    /// Bytes of a configuration file at most.
    private static let largestSize = 1 << 20

    /// Reads a configuration file.
    ///
    /// - Parameter overrides: `key=value` pairs as `--set` takes them, applied on top of the file. Where one chooses a
    ///   kind, what the file says to another kind falls away; see ``notes``.
    /// - Throws: ``FileError``, or ``ConfigurationError`` with every problem and its line.
    public static func read(_ url: URL, overrides: [String] = []) throws -> Configuration {
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw FileError.malformed(
                path: url.path, line: nil, problem: "there is no configuration here",
                remedy: "'whalebook init DIR' looks at a folder of photographs and writes one; --config names another.")
        }
        let text = String(decoding: try FileError.contents(of: url, limit: largestSize), as: UTF8.self)
        return try Configuration(
            parsing: text, path: url.path, root: url.deletingLastPathComponent(), overrides: overrides)
    }

    /// Parses the text of a configuration file; `path` serves the messages.
    public init(parsing text: String, path: String, root: URL, overrides: [String] = []) throws {
        var node = try ConfigurationError.blaming(path) { try BoundedYAML.compose(text) }
        let settings = try overrides.map(Override.init)
        for setting in settings { node = setting.applied(to: node) }
        var reader = ConfigurationReader(path: path, overrides: settings)
        let resolved = reader.section(Schema.options, node, at: "")
        guard reader.problems.isEmpty else { throw ConfigurationError(list: reader.problems) }
        let values = try resolved.decoded(as: Values.self)
        tree = OptionKind.section(Schema.options).pruned(resolved)
        notes = reader.notes
        self.root = root
        name = URL(filePath: path).deletingPathExtension().lastPathComponent
        data = values.data
        skipsBroken = values.skipsBroken
        device = values.device
        precision = values.precision
        seeds = values.seeds
        scenarios = values.scenarios.rules
        split = values.split
        folds = Self.folds(tree[path: "split.fold"], of: split.folds)
        train = values.train
        checkpoints =
            try resolved[path: "train.checkpoints"].map { try $0.decoded(as: CheckpointSettings.self) } ?? .init()
        embed = values.embed
        bridge = values.bridge
        search = values.search
        expand = values.expand
        sweep = values.sweep
        explain = values.explain
        reduce = values.reduce
        evaluate = values.evaluate
        try checkAcross(path: path)
    }

    /// One number, several, or `all`.
    private static func folds(_ value: JSONValue?, of count: Int) -> [Int] {
        if value?.string != nil { return Array(0..<count) }
        return value?.array?.compactMap(\.integer) ?? [value?.integer ?? 0]
    }

    /// The folder of photographs.
    public var dataDirectory: URL { resolve(data.folder) }

    /// The folder of photographs by its absolute path, and its layout.
    public var resolvedData: DataSettings {
        DataSettings(folder: dataDirectory.path, layout: data.layout, patterns: data.patterns)
    }

    /// A path of the configuration as a location: relative ones start at the file's folder.
    public func resolve(_ path: String) -> URL {
        path.hasPrefix("/") ? URL(filePath: path) : root.appending(path: path).standardizedFileURL
    }

    private struct Values: Decodable {
        let data: DataSettings
        let skipsBroken: Bool
        let device: DeviceChoice
        let precision: Precision
        let seeds: [Int]
        let scenarios: ScenarioChoice
        let split: SplitSettings
        let train: TrainSettings
        let embed: EmbedSettings
        let bridge: BridgeSettings
        let search: SearchSettings
        let expand: [ExpansionSettings]
        let sweep: SweepSettings
        let explain: ExplainSettings
        let reduce: ReduceSettings
        let evaluate: EvaluateSettings

        enum CodingKeys: String, CodingKey {
            case data, device, precision, seeds, scenarios, split, train, embed, bridge, search, expand, sweep
            case explain, reduce, evaluate
            case skipsBroken = "skip-broken"
        }
    }

    /// `auto`, or rules.
    private struct ScenarioChoice: Decodable {
        let rules: [ScenarioRule]?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            rules = (try? value.decode(String.self)) == nil ? try value.decode([ScenarioRule].self) : nil
        }
    }

    /// Models that one configuration trains at most.
    private static let mostModels = 10_000

    private func checkAcross(path: String) throws {
        var problems = ProblemList()
        func check(_ holds: Bool, _ problem: String, _ remedy: String) {
            if !holds { problems.add(path, problem, remedy) }
        }
        if case .listed(let patterns) = data.patterns {
            for error in patterns.compactMap(\.flaw) { check(false, "'data.patterns': \(error.problem)", error.remedy) }
        }
        let names = train.members.map(\.name)
        check(Set(names).count == names.count, "two members of the ensemble share a name", "Give each its own.")
        let remedy = "Use letters, digits, '-', '_' and '.' only, and begin with a letter or digit."
        check(names.allSatisfy(\.isPlainName), "a member's name is no file name", remedy)
        let asked = scenarios?.map(\.name) ?? []
        check(Set(asked).count == asked.count, "two scenarios share a name", "Give each its own.")
        check(asked.allSatisfy(\.isPlainName), "a scenario's name is no file name", remedy)
        check(
            precision != .float16 || device != .cpu, "precision float16 takes a graphics card, but device is cpu",
            "Write precision: bfloat16, or device: cuda.")
        check(Set(seeds).count == seeds.count, "'seeds' has a number twice", "Keep each once.")
        check(Set(folds).count == folds.count, "'split.fold' has a number twice", "Keep each once.")
        let models = train.members.count * seeds.count * folds.count
        check(
            models <= Self.mostModels, "members, seeds and folds make \(models) models",
            "Keep to \(Self.mostModels).")
        if let fold = folds.first(where: { $0 >= split.folds }) {
            check(
                false, "split.fold is \(fold) but there are \(split.folds) folds", "Set it within 0…\(split.folds - 1)."
            )
        }
        for member in train.members {
            let foreign = (member.folds ?? []).filter { !folds.contains($0) }
            check(
                foreign.isEmpty, "the member \(quoted: member.name) is for folds that are not trained: \(foreign)",
                "Name them in split.fold, too.")
            check(
                member.folds == nil || search.join == .folds,
                "the member \(quoted: member.name) is not for all folds, so that each fold has another ensemble",
                "Write search.join: folds to have one of all, or take the member's folds out.")
        }
        let untrained = train.members.filter { !train.trains($0) }
        for member in untrained {
            guard case .whole(let weights) = member.weights, weights != MemberWeights.unnamed else {
                check(
                    false, "the member \(quoted: member.name) is not trained and has no weights for its whole backbone",
                    "Give it weights: a safetensors file or hf-hub:timm/NAME, or train it.")
                continue
            }
        }
        check(
            untrained.count < train.members.count || seeds.count == 1,
            "'seeds' has \(seeds.count) numbers, but nothing is trained that a seed could change",
            "Keep one, or train a member.")
        check(
            train.schedule.warmupEpochs < train.schedule.epochs,
            "train.schedule warms up for \(train.schedule.warmupEpochs) of \(train.schedule.epochs) epochs",
            "Warm up for fewer.")
        check(
            train.sampler.kind != .balanced || train.batchSize.isMultiple(of: train.sampler.images),
            "train.batch-size \(train.batchSize) does not part into animals of train.sampler.images "
                + "\(train.sampler.images)", "Make it a multiple.")
        if let early = expand.dropLast().first(where: \.kind.ranks) {
            check(
                false, "'expand' has steps after \(quoted: early.kind.rawValue), which ranks what the others moved",
                "Put it last, and one such alone.")
        }
        check(
            Set(sweep.neighbours).count == sweep.neighbours.count && Set(sweep.alpha).count == sweep.alpha.count,
            "'sweep' has a number twice", "Keep each once.")
        let head = train.head
        check(
            head.marginLow <= head.marginHigh,
            "train.head.margin-low is \(head.marginLow) but margin-high is \(head.marginHigh)", "Exchange them.")
        let most = head.marginFactor + head.marginOffset
        check(
            most <= Schema.angle.upperBound,
            "train.head.margin-factor and margin-offset give an animal of one photograph a margin of \(most)",
            "Keep their sum within \(Schema.angle.upperBound) radians.")
        if !problems.isEmpty { throw ConfigurationError(list: problems) }
    }
}

extension String {
    fileprivate var isPlainName: Bool {
        first.map { $0.isLetter || $0.isNumber } == true
            && allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }
}
