import Basics
import Catalog
import Evaluation
import Foundation
import Imaging
import Results
import Results

@testable import Reports

/// A small finished run in its own folder: data, stage results and sources, written by hand.
final class Pod {
    /// The command that renders.
    var command = "whalebook report"
    let root: URL
    var staleness: [String: String] = [:]
    var seeds = [1]
    /// The digests of photographs' files, if known.
    var digests: [String: String] = [:]
    var ledger: ReportLedger?
    var decisions: ReportDecisions?
    /// How often the ledger compared, once there is an earlier run.
    var comparisons = Counter()
    var graph = Pod.graph
    var configuration = Pod.standard
    /// The sources for `code` cells.
    var sources: URL
    private static let whales = 4
    private static let photographs = 5

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "reports-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        sources = root.appending(path: "Sources")
        try writeData()
        try writeStages()
        try write(
            "Sources/Networks/FocalLoss.swift",
            "import Torch\n\n// snippet.begin focal-loss\n/// Counts hard photographs more.\n"
                + "public struct FocalLoss {\n    let gamma: Double\n}\n// snippet.end\n")
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func write(_ path: String, _ text: String) throws {
        try AtomicFile.write(text, to: root.appending(path: path))
    }

    func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }

    /// Every file below a folder, relative to it, sorted.
    func files(in folder: String) throws -> [String] {
        let url = root.appending(path: folder)
        return try FileManager.default.subpathsOfDirectory(atPath: url.path).filter { path in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: url.appending(path: path).path, isDirectory: &isFolder)
            return exists && !isFolder.boolValue
        }.sorted()
    }

    /// The files next to a rendered document without figures.
    static let records = ["trial_files/manifest.json", "trial_files/record.json"]

    // MARK: Rendering

    var inputs: ReportInputs {
        var nodes: [ReportNode] = []
        func add(_ stage: StageName, member: String? = nil, seed: Int? = nil, fold: Int? = nil, folder: String? = nil) {
            let folder = root.appending(path: "store/\(folder ?? stage.rawValue)")
            guard FileManager.default.fileExists(atPath: folder.path) else { return }
            nodes.append(
                ReportNode(
                    Node(stage, member: member, seed: seed, fold: fold), key: "\(stage.rawValue.fnv1a64)",
                    outputDigest: "\("\(stage.rawValue) output".fnv1a64)", directory: folder,
                    staleness: staleness[stage.rawValue], wasCached: stage == .split,
                    seconds: Double(stage.rawValue.count) * 1.5,
                    machine: ["processor": "Test processor", "cores": 2, "memory_bytes": 8_589_934_592],
                    startedAt: "2024-05-01T10:00:00Z", memoryBytes: stage == .train ? 681_574_400 : nil))
        }
        add(.split, fold: 0)
        add(.measure)
        for seed in seeds {
            add(.train, member: "lite0", seed: seed, fold: 0, folder: seed == 1 ? nil : "train\(seed)")
        }
        add(.search, seed: 1, fold: 0)
        add(.fuse, seed: 1, fold: 0)
        add(.expand, seed: 1, fold: 0)
        add(.evaluate)
        add(.sweep, seed: 1, fold: 0)
        add(.explain, member: "lite0", seed: 1, fold: 0)
        add(.reduce, seed: 1, fold: 0)
        return ReportInputs(
            nodes: nodes, graph: graph, ledger: ledger, decisions: decisions, configuration: configuration,
            place: ReportPlace(
                dataDirectory: root.appending(path: "data/pod"), photographDigests: digests, root: root,
                sourcesDirectory: sources), commit: "0123abcd", hasUncommittedChanges: false,
            command: command, versions: ["whalebook": "0.1", "libtorch": "2.0"],
            machine: ["processor": "Rendering processor"])
    }

    /// Renders a document's text into `reports/`.
    func render(
        _ text: String, name: String = "trial", formats: [FrontMatter.Format] = [.gfm],
        parameters: [String: String] = [:], to folder: String = "reports"
    ) throws -> RenderResult {
        let url = root.appending(path: "reports/\(name).book.md")
        try AtomicFile.write(text, to: url)
        return try ReportRenderer(inputs: inputs).render(
            Document.parse(contentsOf: url), formats: formats, parameters: parameters,
            to: root.appending(path: folder))
    }

    /// Renders a text that has no errors; returns its Markdown.
    func markdown(_ text: String) throws -> String {
        let result = try render(text)
        guard result.errors.isEmpty else { throw Unexpected(errors: result.errors.map(\.description)) }
        return try read("reports/trial.md")
    }

    struct Unexpected: Error { let errors: [String] }

    // MARK: The run

    private static let standard: JSONValue = [
        "data": "data/pod", "split": ["kind": "encounter", "folds": 5, "fold": 0], "embed": ["mirror": false],
        "search": ["k": 20],
        "train": [
            "members": [["name": "lite0", "backbone": "tf_efficientnet_lite0", "weights": "none", "weight": 1]],
            "pooling": ["kind": "gem", "p": 3], "neck": ["embedding": 512, "dropout": 0.2],
            "head": ["kind": "arcface", "scale": 20, "margin": 0.3],
            "loss": ["kind": "focal", "gamma": 2, "reduction": "sample", "smoothing": 0],
            "optimizer": ["kind": "adamw"], "schedule": ["epochs": 3], "batch-size": 32, "augment": ["flip": "off"],
        ],
    ]

    static func id(_ whale: Int, _ photograph: Int) -> String { "w\(whale)p\(photograph)" }

    private func writeData() throws {
        var rows: [[String]] = []
        for whale in 1...Self.whales {
            for photograph in 1...Self.photographs {
                let id = Self.id(whale, photograph)
                let raster = Raster(
                    width: 48, height: 32, red: UInt8(60 * whale), green: UInt8(40 * photograph), blue: 120)
                let url = root.appending(path: "data/pod/images/\(id).jpg")
                try AtomicFile.write(try raster.jpeg(quality: 90), to: url)
                rows.append([
                    id, "images/\(id).jpg", "32", "48", photograph < 4 ? "top" : "left", "2020-07-0\(photograph)",
                    "2020-07-0\(photograph) 12:00:00", "whale \(whale)", "e\(whale)-\(photograph)",
                ])
            }
        }
        let header = [
            "image_id", "path", "height", "width", "viewpoint", "date", "timestamp", "whale_id", "encounter_id",
        ]
        try write("data/pod/metadata.csv", CSVTable.text(header: header, rows: rows))
    }

    private func writeStages() throws {
        var split: [[String]] = []
        for whale in 1...Self.whales {
            for photograph in 1...Self.photographs {
                let role = whale == 4 ? "test" : ["train", "train", "validation", "test", "test"][photograph - 1]
                split.append([Self.id(whale, photograph), "whale \(whale)", whale == 4 ? "" : "0", role])
            }
        }
        try write(
            "store/split/split.csv",
            CSVTable.text(header: ["image_id", "whale_id", "fold", "role"], rows: split))
        let scenarios = ["top-top", "lateral-top"].enumerated().map { position, id in
            Scenario(
                id: id, queries: [.init(id: "\(id)-q", imageID: Self.id(position + 1, 4))],
                database: [Self.id(1, 1), Self.id(2, 1), Self.id(4, 1)])
        }
        try ScenarioSet(scenarios).write(to: root.appending(path: "store/split/scenarios.json"))
        try writeTraining(folder: "train", parameters: 3_371_000)
        try write(Self.evaluation, to: EvaluateFiles.evaluation, in: "evaluate")
        try SweepFiles.choices.write(Self.sweep, in: root.appending(path: "store/sweep"))
        try SweepFiles.summary.write(SweepSummary(Self.sweep), in: root.appending(path: "store/sweep"))
        try writeQueries(Self.asked)
        try writeRightRanks()
        try writeDiagnosis()
        try writeNoveltySamples()
        try writeHeatMaps()
        try writeMatches()
        try writeEmbeddingMap()
    }

    /// Writes a file of a stage's result; a member that is left out has no value.
    func write<Contents: Decodable>(_ members: JSONValue, to file: ResultFile<Contents>, in folder: String) throws {
        var members = members
        var contents: Contents?
        while contents == nil {
            do {
                contents = try JSONDecoder().decode(Contents.self, from: Data(members.text.utf8))
            } catch DecodingError.keyNotFound(let key, let context) {
                Self.setNull((context.codingPath + [key])[...], in: &members)
            }
        }
        if let contents { try file.write(contents, in: root.appending(path: "store/\(folder)")) }
    }

    private static func setNull(_ path: ArraySlice<any CodingKey>, in value: inout JSONValue) {
        guard let key = path.first else { return value = .null }
        if let place = key.intValue, var entries = value.array {
            setNull(path.dropFirst(), in: &entries[place])
            value = .array(entries)
        } else {
            var members = value.object ?? [:]
            setNull(path.dropFirst(), in: &members[key.stringValue, default: .null])
            value = .object(members)
        }
    }

    func writeTraining(
        folder: String, parameters: Int, licence: String? = nil, epochs: Int = 3, train: JSONValue = [:]
    ) throws {
        let folder = root.appending(path: "store/\(folder)")
        try TrainFiles.description.write(
            ModelDescription(
                backbone: "tf_efficientnet_lite0", parameters: parameters, imageSize: 128, fit: .stretch,
                mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5], classes: ["whale 1", "whale 2", "whale 3"],
                classPhotographs: [2, 2, 2], embedding: 512, configuration: .init(member: [:], train: train),
                bestEpoch: 2, bestValidationMAP: 0.6, trainingPhotographs: 6, seed: 1, fold: 0, epochs: nil,
                licence: licence), in: folder)
        func epoch(_ number: Int, rate: Double, loss: Double, map: Double, speed: Double) -> History.Epoch {
            .init(
                number: number, learningRate: rate, trainLoss: loss, validationMAP: map, imagesPerSecond: speed,
                seconds: 2, waitingShare: 0)
        }
        try TrainFiles.history.write(
            History(
                member: "lite0", seed: 1, fold: 0,
                epochs: Array(
                    [
                        epoch(1, rate: 0.001, loss: 5.5, map: 0.2, speed: 40),
                        epoch(2, rate: 0.0005, loss: 3.25, map: 0.6, speed: 42),
                        epoch(3, rate: 0.0001, loss: 2.75, map: 0.5, speed: 41),
                    ].prefix(epochs))), in: folder)
    }

    static let sweep = ExpansionSweep(
        rows: [
            .init(neighbours: 0, alpha: 0, map: 0.5), .init(neighbours: 1, alpha: 0, map: 0.45),
            .init(neighbours: 1, alpha: 3, map: 0.5125), .init(neighbours: 3, alpha: 0, map: 0.4),
            .init(neighbours: 3, alpha: 3, map: 0.625),
        ], queries: 3)

    static let evaluation: JSONValue = [
        "contract": [
            "metric": "mAP@20", "k": 20, "ties": "grouped, as scikit-learn does", "returned": 20, "asked": 4,
            "self_match": "excluded from the ranking", "unanswerable": "counted as 0", "queries": 4, "scenarios": 2,
            "same_encounter": "none is a right answer", "encounters_known": true, "trained": true,
            "unseen_animals": "asked for like any other", "measures": ["top": "top k: within the first k"],
            "queries_digest": "sha256:aaaaaaaaaaaaaaaaaaaa", "database_digest": "sha256:bbbbbbbbbbbbbbbbbbbb",
            "split_digest": "sha256:cccccccccccccccccccc", "run": ["seed": 1, "fold": 0],
        ],
        "pooled": measures(
            0.5125, 0.5, 0.75, 1, queries: 4, interval: [0.4, 0.6], curve: [0.3, 0.4, 0.5125],
            [
                "seeds": ["mean": 0.5125, "deviation": nil, "values": [0.5125]],
                "folds": ["mean": 0.5125, "deviation": 0.018_46, "values": [0.4994, 0.5256]],
            ]),
        "scenarios": [
            "top-top": measures(
                0.75, 0.5, 1, 1, queries: 2, interval: [0.5, 1], curve: [0.5, 0.6, 0.75], ["database": 10]),
            "left|top": measures(
                0.275, 0.5, 0.5, 1, queries: 2, interval: [0, 0.5], curve: [0.1, 0.2, 0.275], ["database": 10]),
        ],
        "populations": [
            "known": measures(0.6, nil, nil, nil, queries: 3), "unseen": measures(0.25, nil, nil, nil, queries: 1),
        ],
        "untrained": measures(0.25, 0.25, 0.5, 0.75, queries: 4, ["populations": ["known": nil, "unseen": nil]]),
        "expanded": [
            "steps": ["alpha-qe:3:3"], "before": measures(0.5, 0.5, 0.75, nil, queries: 4),
            "after": measures(0.5125, 0.5, 0.75, nil, queries: 4), "gained": 2, "lost": 1, "unchanged": 1,
        ],
        "other_encounters": measures(0.4375, 0.25, 0.5, 0.75, queries: 4, interval: [0.3, 0.5]), "fusion": fusion,
        "background": nil, "laterality": nil,
        "animals": [:], "causes": causes, "novelty": novelty, "viewpoints": viewpoints,
    ]

    /// The measures of some answerable queries, as in `evaluation.json`.
    static func measures(
        _ map: Double, _ top1: Double?, _ top5: Double?, _ top20: Double?, queries: Int, interval: [Double]? = nil,
        curve: [Double] = [], _ others: [String: JSONValue] = [:]
    ) -> JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
        let measures: [String: JSONValue] = [
            "map": .number(map), "top1": number(top1), "top5": number(top5), "top20": number(top20),
            "queries": .number(Double(queries)), "answerable": .number(Double(queries)), "animals": 2,
            "interval": interval.map { .array($0.map { .number($0) }) } ?? .null,
            "intervals": interval.map { ["map": .array($0.map { .number($0) })] } ?? [:],
            "curve": .array(curve.map { .number($0) }),
        ]
        return .object(measures.merging(others) { $1 })
    }

    /// A query and its result.
    struct Asked {
        let scenario: String
        let whale: Int
        let photograph: Int
        var precision: Double
        /// The rank of the first right match.
        var first: Int?
    }

    static let asked = [
        Asked(scenario: "top-top", whale: 1, photograph: 3, precision: 1, first: 1),
        Asked(scenario: "top-top", whale: 2, photograph: 3, precision: 0.5, first: 2),
        Asked(scenario: "left|top", whale: 3, photograph: 4, precision: 0.55, first: 1),
        Asked(scenario: "left|top", whale: 4, photograph: 4, precision: 0, first: nil),
    ]

    /// Writes the queries and their matches to the folders of a run; the present run has no suffix.
    func writeQueries(_ asked: [Asked], suffix: String = "") throws {
        var queries: [[String]] = []
        var answers: [[String]] = []
        for query in asked {
            let image = Self.id(query.whale, query.photograph)
            let id = "\(query.scenario)-\(image)"
            queries.append([
                query.scenario, id, image, "whale \(query.whale)", query.photograph < 4 ? "top" : "left", "2",
                "\(query.precision)", "0.25", query.first.map(String.init) ?? "", "",
            ])
            for rank in 1...3 {
                let isRight = query.first == rank
                let other = Self.id(isRight ? query.whale : query.whale % 4 + 1, isRight ? 1 : rank)
                answers.append([
                    query.scenario, id, image, String(rank), other, String(0.9 - Double(rank) / 10),
                    isRight ? "1" : "0",
                ])
            }
        }
        let columns = [
            "scenario", "query_id", "query_image_id", "whale_id", "viewpoint", "relevant", "average_precision",
            "average_precision_before", "first_hit_rank", "cause",
        ]
        try write("store/evaluate\(suffix)/queries.csv", CSVTable.text(header: columns, rows: queries))
        let header = [
            "scenario", "query_id", "query_image_id", "rank", "database_image_id", "score", "relevant",
        ]
        for stage in ["search", "expand"] {
            try write("store/\(stage)\(suffix)/neighbors.csv", CSVTable.text(header: header, rows: answers))
        }
    }
}
