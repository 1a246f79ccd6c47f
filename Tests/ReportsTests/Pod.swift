import Basics
import Catalog
import Evaluation
import Foundation
import Imaging

@testable import Reports

/// A small finished run in a folder of its own: data, stage results and sources, written by hand.
final class Pod {
    /// The command that renders.
    var command = "whalebook report"
    let root: URL
    var staleness: [String: String] = [:]
    var seeds = [1]
    /// The digests of photographs' files, where they are known.
    var digests: [String: String] = [:]
    var ledger: ReportLedger?
    /// How often the ledger compared, once there is an earlier run.
    var comparisons = Counter()
    var graph = Pod.graph
    var configuration = Pod.standard
    /// Where `code` cells look.
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
            "import Torch\n\n/// Counts hard photographs more.\npublic struct FocalLoss {\n    let gamma: Double\n}\n")
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

    /// What lies beside a rendered document without figures.
    static let records = ["trial_files/manifest.json", "trial_files/record.json"]

    // MARK: Rendering

    var inputs: ReportInputs {
        var nodes: [ReportNode] = []
        func add(_ stage: String, member: String? = nil, seed: Int? = nil, fold: Int? = nil, folder: String? = nil) {
            let folder = root.appending(path: "store/\(folder ?? stage)")
            guard FileManager.default.fileExists(atPath: folder.path) else { return }
            nodes.append(
                ReportNode(
                    stage: stage, member: member, seed: seed, fold: fold, key: "\(stage.fnv1a64)",
                    outputDigest: "\("\(stage) output".fnv1a64)", directory: folder, staleness: staleness[stage],
                    wasCached: stage == "split", seconds: Double(stage.count) * 1.5,
                    machine: ["processor": "Test processor", "cores": 2, "memory_bytes": 8_589_934_592],
                    startedAt: "2024-05-01T10:00:00Z"))
        }
        add("split", fold: 0)
        add("measure")
        for seed in seeds {
            add("train", member: "lite0", seed: seed, fold: 0, folder: seed == 1 ? nil : "train\(seed)")
        }
        add("search", seed: 1, fold: 0)
        add("expand", seed: 1, fold: 0)
        add("evaluate")
        add("sweep", seed: 1, fold: 0)
        add("explain", member: "lite0", seed: 1, fold: 0)
        add("reduce", seed: 1, fold: 0)
        return ReportInputs(
            nodes: nodes, graph: graph, ledger: ledger, configuration: configuration,
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
        try write("store/evaluate/evaluation.json", Self.evaluation.text)
        try Self.sweep.write(to: root.appending(path: "store/sweep/sweep.csv"))
        try write("store/sweep/sweep.json", Self.sweep.json.text)
        try writeQueries(Self.asked)
        try writeRightRanks()
        try writeDiagnosis()
        try writeNoveltySamples()
        try writeHeatMaps()
        try writeEmbeddingMap()
    }

    func writeTraining(folder: String, parameters: Int) throws {
        try write(
            "store/\(folder)/model.json",
            JSONValue.object([
                "backbone": "tf_efficientnet_lite0", "parameters": .number(Double(parameters)), "image_size": 128,
                "classes": ["whale 1", "whale 2", "whale 3"],
            ]).text)
        try write(
            "store/\(folder)/history.csv",
            """
            member,seed,fold,epoch,learning_rate,train_loss,validation_map,images_per_second,seconds
            lite0,1,0,1,0.001,5.5,0.2,40.0,2.00
            lite0,1,0,2,0.0005,3.25,0.6,42.0,2.00
            lite0,1,0,3,0.0001,2.75,0.5,41.0,2.00

            """)
    }

    static let sweep = ExpansionSweep(
        rows: [
            .init(neighbours: 0, alpha: 0, map: 0.5), .init(neighbours: 1, alpha: 0, map: 0.45),
            .init(neighbours: 1, alpha: 3, map: 0.5125), .init(neighbours: 3, alpha: 0, map: 0.4),
            .init(neighbours: 3, alpha: 3, map: 0.625),
        ], queries: 3)

    static let evaluation: JSONValue = [
        "contract": [
            "metric": "mAP@20", "k": 20, "ties": "grouped, as scikit-learn does",
            "self_match": "excluded from the ranking", "unanswerable": "counted as 0", "queries": 4, "scenarios": 2,
            "queries_digest": "sha256:aaaaaaaaaaaaaaaaaaaa", "database_digest": "sha256:bbbbbbbbbbbbbbbbbbbb",
        ],
        "pooled": [
            "map": 0.5125, "top1": 0.5, "top5": 0.75, "top20": 1, "queries": 4, "answerable": 4,
            "interval": [0.4, 0.6], "curve": [0.3, 0.4, 0.5125],
            "seeds": ["mean": 0.5125, "deviation": nil, "values": [0.5125]],
            "folds": ["mean": 0.5125, "deviation": 0.018_46, "values": [0.4994, 0.5256]],
        ],
        "scenarios": [
            "top-top": [
                "map": 0.75, "top1": 0.5, "top5": 1, "top20": 1, "queries": 2, "database": 10, "interval": [0.5, 1],
                "curve": [0.5, 0.6, 0.75],
            ],
            "left|top": [
                "map": 0.275, "top1": 0.5, "top5": 0.5, "top20": 1, "queries": 2, "database": 10,
                "interval": [0, 0.5], "curve": [0.1, 0.2, 0.275],
            ],
        ],
        "populations": ["known": ["map": 0.6, "queries": 3], "unseen": ["map": 0.25, "queries": 1]],
        "untrained": ["map": 0.25, "top1": 0.25],
        "expanded": [
            "steps": ["alpha-qe:3:3"], "before": ["map": 0.5, "top1": 0.5, "top5": 0.75],
            "after": ["map": 0.5125, "top1": 0.5, "top5": 0.75],
            "gained": 2, "lost": 1, "unchanged": 1,
        ],
        "causes": causes, "novelty": novelty, "viewpoints": viewpoints,
    ]

    /// A query and how it went.
    struct Asked {
        let scenario: String
        let whale: Int
        let photograph: Int
        var precision: Double
        /// The rank of the first right photograph.
        var first: Int?
    }

    static let asked = [
        Asked(scenario: "top-top", whale: 1, photograph: 3, precision: 1, first: 1),
        Asked(scenario: "top-top", whale: 2, photograph: 3, precision: 0.5, first: 2),
        Asked(scenario: "left|top", whale: 3, photograph: 4, precision: 0.55, first: 1),
        Asked(scenario: "left|top", whale: 4, photograph: 4, precision: 0, first: nil),
    ]

    /// Writes the queries and their answers to the folders of a run; that of the present has no suffix.
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
        try write("store/evaluate\(suffix)/queries.csv", CSVTable.text(header: QueryRow.columns, rows: queries))
        let header = [
            "scenario", "query_id", "query_image_id", "rank", "database_image_id", "score", "relevant",
        ]
        for stage in ["search", "expand"] {
            try write("store/\(stage)\(suffix)/neighbors.csv", CSVTable.text(header: header, rows: answers))
        }
    }
}
