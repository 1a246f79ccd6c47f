import Basics
import Catalog
import Foundation

/// Beluga ID 2022 as it is published, of drawn whales: the training photographs as COCO, and the competition's private
/// test with its answers.
public struct PublishedBelugas: Sendable {
    /// A table with the text of each row.
    public struct Table: Sendable {
        public var header: String
        public var rows: [String]

        var entry: Data { Data(([header] + rows).map { $0 + "\n" }.joined().utf8) }
    }

    private let folder: URL
    public let training: [Photograph]
    public let test: [Photograph]
    public let scenarios: [Scenario]

    public var labels: Table
    public var testNames: Table
    public var trainingNames: Table
    /// The metadata as the competitors had them.
    public var metadata: Table

    /// Publishes a drawn pod; its folder must stay.
    ///
    /// - Throws: The errors of reading it.
    public init(of pod: URL) throws {
        folder = pod
        let catalog = try Catalog.read(pod)
        let scenarios = try ScenarioFiles.read(catalog)
        let reserved = Set(scenarios.flatMap { $0.queries.map(\.imageID) + $0.database })
        // One test photograph is in no scenario, and two whales of the test have two original names.
        let unasked = catalog.photographs.first { !reserved.contains($0.id) }?.id ?? ""
        training = catalog.photographs.filter { !reserved.contains($0.id) && $0.id != unasked }
        test = catalog.photographs.filter { reserved.contains($0.id) || $0.id == unasked }
        self.scenarios = scenarios
        let counts = Dictionary(grouping: test.compactMap(\.whaleID)) { $0 }.mapValues(\.count)
        let split = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(2).map(\.key)
        func original(_ photograph: Photograph) -> String {
            let whale = photograph.whaleID ?? ""
            let isSecond = split.contains(whale) && (Int(photograph.id.suffix(2)) ?? 0).isMultiple(of: 2)
            return String(whale.dropFirst(5)) + (isSecond ? "50" : "10")
        }
        let named = Dictionary(uniqueKeysWithValues: test.map { ($0.id, original($0)) })
        let renamed = Dictionary(uniqueKeysWithValues: test.map { ($0.id, Self.testID($0)) })
        var labels: [String] = []
        for scenario in scenarios {
            for query in scenario.queries {
                let matches = scenario.database.filter { $0 != query.imageID && named[$0] == named[query.imageID] }
                labels += matches.map { "\(renamed[$0] ?? ""),\(query.id)" }
            }
        }
        // Columns stand in another order than in the competition's other files.
        self.labels = Table(header: "database_image_id,query_id", rows: labels)
        let rows = test.map { photograph in
            "\(original(photograph)),\(photograph.viewpoint),\(Self.testID(photograph)),images/x.jpg,extra"
        }
        testNames = Table(
            header: "original_whale_id,viewpoint,image_id,path,note", rows: rows + rows.prefix(3))
        // Each split whale has both names among the training photographs.
        trainingNames = Table(
            header: "image_id,whale_id,original_whale_id",
            rows: training.map { "\($0.id),\($0.whaleID ?? ""),\(original($0))" }
                + split.flatMap { whale in
                    ["10", "50"].map { "other-\(whale)-\($0),\(whale),\(whale.dropFirst(5))\($0)" }
                })
        let plain = test.map { photograph in
            """
            \(photograph.date ?? ""),\(Self.testID(photograph)),images/\(Self.testID(photograph)).jpg,\
            \(photograph.height ?? 0),\(photograph.width ?? 0),\(photograph.viewpoint)
            """
        }
        metadata = Table(header: "date,image_id,path,height,width,viewpoint", rows: plain + plain.prefix(2))
    }

    /// The id of a test photograph, which is another in the pod.
    public static func testID(_ photograph: Photograph) -> String { photograph.id.replacing("train", with: "test") }

    /// `beluga.coco.tar.gz`.
    public var trainingArchive: Data { PackedArchive.tarGzip(trainingEntries) }

    private var trainingEntries: [PackedArchive.Entry] {
        let images = training.enumerated().map { number, photograph -> JSONValue in
            [
                "id": .number(Double(number + 1)), "file_name": .string("\(photograph.id).jpg"),
                "width": .number(Double(photograph.width ?? 0)), "height": .number(Double(photograph.height ?? 0)),
                "date_captured": .string(photograph.timestamp ?? photograph.date ?? ""),
            ]
        }
        let annotations = training.enumerated().map { number, photograph -> JSONValue in
            let isTurned = number == 1
            let inset = isTurned ? 4 : 0
            let sides = [inset, inset, (photograph.width ?? 0) - 2 * inset, (photograph.height ?? 0) - 2 * inset]
                .map { JSONValue.number(Double($0)) }
            return [
                "id": .number(Double(number + 1)), "image_id": .number(Double(number + 1)), "bbox": .array(sides),
                "name": photograph.whaleID.map(JSONValue.string) ?? .null, "category_id": 1,
                "theta": .number(isTurned ? 0.25 : 0),
                "viewpoint": .string(photograph.viewpoint == .top ? "up" : photograph.viewpoint.rawValue),
            ]
        }
        let coco: JSONValue = [
            "images": .array(images), "annotations": .array(annotations),
            "categories": .array([["id": 1, "name": "beluga_whale"]]),
        ]
        return [
            .init("beluga.coco/annotations/instances_train2022.json", Data(coco.text.utf8)),
            .init("beluga.coco/._license.txt", Data("litter of macOS".utf8)),
        ] + training.map { .init("beluga.coco/images/train2022/\($0.id).jpg", picture($0)) }
    }

    /// `beluga-id-test.zip`.
    public var testArchive: Data { PackedArchive.zip(testEntries) }

    private var testEntries: [PackedArchive.Entry] {
        func list(_ header: String, _ rows: [String]) -> Data { Table(header: header, rows: rows).entry }
        let renamed = Dictionary(uniqueKeysWithValues: test.map { ($0.id, Self.testID($0)) })
        let root = "code-execution/"
        var entries: [PackedArchive.Entry] = [
            .init("code-execution", kind: .folder),
            .init(root + "metadata.csv", metadata.entry),
            .init(
                root + "query_scenarios.csv",
                list(
                    "scenario_id,queries_path,database_path",
                    scenarios.map { "\($0.id),queries/\($0.id).csv,databases/\($0.id).csv" })),
            .init("private_test_labels.csv", labels.entry), .init("private_test_metadata.csv", testNames.entry),
            .init("private_train_metadata.csv", trainingNames.entry),
        ]
        for scenario in scenarios {
            entries.append(
                .init(
                    root + "queries/\(scenario.id).csv",
                    list("query_id,query_image_id", scenario.queries.map { "\($0.id),\(renamed[$0.imageID] ?? "")" })))
            entries.append(
                .init(
                    root + "databases/\(scenario.id).csv",
                    list("database_image_id", scenario.database.map { renamed[$0] ?? "" })))
        }
        return entries + test.map { .init(root + "images/\(Self.testID($0)).jpg", picture($0)) }
    }

    private func picture(_ photograph: Photograph) -> Data {
        (try? Data(contentsOf: folder.appending(path: photograph.path))) ?? Data()
    }
}
