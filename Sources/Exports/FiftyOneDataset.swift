import Basics
import Catalog
import Digests
import Evaluation
import Foundation
import Imaging

/// A run's photographs as a dataset of FiftyOne, in its own form: `metadata.json` declares the fields, `samples.json`
/// has a document of MongoDB, in extended JSON, for each photograph.
///
/// A photograph is named by its absolute path, as in FiftyOne's own exports without media. Ids follow from those of the
/// catalogue, so that the same run gives the same bytes.
///
/// Source: `FiftyOneDatasetImporter` of FiftyOne 1.22, which migrates datasets of earlier versions.
public struct FiftyOneDataset {
    /// The lowest version that has all fields. A FiftyOne of this version or a later one reads the dataset.
    private static let version = "1.0.0"

    private let run: ExportedRun
    private let queries: [String: [Rankings.Query]]
    private let hasBoxes: Bool
    private let hasTurnedBoxes: Bool

    /// Creates a dataset of a run's photographs.
    public init(_ run: ExportedRun) {
        self.run = run
        queries = Dictionary(grouping: run.rankings.queries, by: \.imageID)
        hasBoxes = run.catalog.photographs.contains { $0.box != nil && $0.theta == 0 }
        hasTurnedBoxes = run.catalog.photographs.contains { $0.theta != 0 }
    }

    /// The two files.
    public var files: [ExportFile] {
        [
            ExportFile(ExportForm.fiftyone.rawValue, "metadata.json", contents: Data(metadata.text.utf8)),
            ExportFile(ExportForm.fiftyone.rawValue, "samples.json") { append in
                try append(Data(#"{"samples": ["#.utf8))
                for (position, (photograph, row)) in zip(run.catalog.photographs, run.split.rows).enumerated() {
                    let sample = try self.sample(photograph, row, position)
                    try append(Data(((position == 0 ? "\n" : ",\n") + sample.canonicalText).utf8))
                }
                try append(Data("\n]}\n".utf8))
            },
        ]
    }

    // MARK: Fields

    /// A field as `metadata.json` declares it.
    private struct Field {
        var name: String
        var type: String
        /// The type of an embedded document, or of those in a list.
        var document: String?
        var elements: String?
        var fields: [Field] = []

        var json: JSONValue {
            func type(_ name: String?) -> JSONValue { name.map { .string("fiftyone.core.fields.\($0)Field") } ?? .null }
            return [
                "name": .string(name), "ftype": type(self.type), "subfield": type(elements),
                "embedded_doc_type": document.map { .string("fiftyone.core.\($0)") } ?? .null,
                "fields": .array(fields.map(\.json)), "db_field": .string(name == "id" ? "_id" : name),
                "description": nil, "info": nil, "read_only": false,
            ]
        }

        /// A list of labels, each with more than the fields of its type.
        static func labels(_ name: String, _ list: String, _ label: String, each fields: [Field] = []) -> Field {
            let elements = Field(
                name: list.lowercased(), type: "List", document: "labels.\(label)", elements: "EmbeddedDocument",
                fields: fields)
            return Field(name: name, type: "EmbeddedDocument", document: "labels.\(list)", fields: [elements])
        }
    }

    private var fields: [Field] {
        var fields = [
            Field(name: "id", type: "ObjectId"), Field(name: "filepath", type: "String"),
            Field(name: "tags", type: "List", elements: "String"),
            Field(name: "metadata", type: "EmbeddedDocument", document: "metadata.ImageMetadata"),
            Field(name: "_media_type", type: "String"), Field(name: "_rand", type: "Float"),
            Field(name: "image_id", type: "String"),
            Field(name: "animal", type: "EmbeddedDocument", document: "labels.Classification"),
            Field(name: "viewpoint", type: "String"), Field(name: "date", type: "Date"),
            Field(name: "year", type: "Int"), Field(name: "encounter", type: "String"),
            Field(name: "fold", type: "Int"),
            Field(name: "prediction", type: "EmbeddedDocument", document: "labels.Classification"),
            .labels(
                "ranking", "Classifications", "Classification",
                each: [
                    Field(name: "scenario", type: "String"), Field(name: "rank", type: "Int"),
                    Field(name: "image_id", type: "String"), Field(name: "right", type: "Boolean"),
                ]),
            Field(name: "average_precision", type: "Float"), Field(name: "probability_of_new", type: "Float"),
        ]
        if hasBoxes { fields.append(.labels("box", "Detections", "Detection")) }
        if hasTurnedBoxes { fields.append(.labels("turned_box", "Polylines", "Polyline")) }
        if run.embeddings != nil { fields.append(Field(name: "embedding", type: "List", elements: "Float")) }
        return fields
    }

    private var metadata: JSONValue {
        [
            "name": .string(run.catalog.directory.lastPathComponent), "version": .string(Self.version),
            "media_type": "image", "description": .string("Run \(run.name) of Whalebook"),
            "sample_fields": .array(fields.map(\.json)), "frame_fields": [],
        ]
    }

    // MARK: Samples

    /// The document of a photograph, at its position in the catalogue.
    private func sample(_ photograph: Photograph, _ row: Split.Row, _ position: Int) throws -> JSONValue {
        let own = queries[photograph.id] ?? []
        let first = own.first
        var members: [String: JSONValue] = [
            "_id": Self.id("sample", photograph.id), "_media_type": "image",
            // FiftyOne's order of a random sample.
            "_rand": .number(Self.share(photograph.id)),
            "filepath": .string(run.catalog.directory.appending(path: photograph.path).path),
            "tags": row.role == .none ? [] : [.string(row.role.rawValue)], "metadata": nil,
            "image_id": .string(photograph.id),
            "animal": photograph.whaleID.map { Self.classification($0, of: "animal", photograph.id) } ?? .null,
            "viewpoint": photograph.viewpoint == .unknown ? nil : .string(photograph.viewpoint.rawValue),
            "date": photograph.date.flatMap(Self.day) ?? .null,
            "year": photograph.year.map { .number(Double($0)) } ?? .null,
            "encounter": photograph.encounterID.map(JSONValue.string) ?? .null,
            "fold": row.fold.map { .number(Double($0)) } ?? .null,
            "prediction": first.flatMap(prediction) ?? .null, "ranking": own.isEmpty ? nil : ranking(own),
            "average_precision": first.flatMap { run.averagePrecisions[$0.id] }.map(JSONValue.finite) ?? .null,
            "probability_of_new": first.flatMap { run.probabilitiesOfNew[$0.id] }.map(JSONValue.finite) ?? .null,
        ]
        if photograph.box != nil { members.merge(try box(of: photograph)) { $1 } }
        if let embeddings = run.embeddings {
            members["embedding"] = embeddings[photograph.id].map { .array($0.map(Self.shortest)) } ?? .null
        }
        return .object(members)
    }

    /// The label of a photograph's box, by the name of its field: a detection, or a polygon if the box is turned.
    private func box(of photograph: Photograph) throws -> [String: JSONValue] {
        // A picture that cannot be read has no box here, as it has none in FiftyOne's application.
        let found = try FileError.attempt { try run.catalog.file(of: photograph).boxCorners() }
        guard let corners = found ?? nil else { return [:] }
        var label: [String: JSONValue] = [
            "_id": Self.id("box", photograph.id), "tags": [], "attributes": [:],
            "label": photograph.whaleID.map(JSONValue.string) ?? .null,
        ]
        guard photograph.theta == 0 else {
            label["_cls"] = "Polyline"
            label["points"] = [.array(corners.map { [.number($0.x), .number($0.y)] })]
            (label["closed"], label["filled"]) = (true, false)
            return ["turned_box": ["_cls": "Polylines", "polylines": [.object(label)]]]
        }
        label["_cls"] = "Detection"
        let (start, end) = (corners[0], corners[2])
        label["bounding_box"] = .array([start.x, start.y, end.x - start.x, end.y - start.y].map(JSONValue.number))
        return ["box": ["_cls": "Detections", "detections": [.object(label)]]]
    }

    /// The animal of the first photograph returned for a query; nil if it is unnamed.
    private func prediction(_ query: Rankings.Query) -> JSONValue? {
        guard let answer = query.answers.first, let animal = run.catalog[answer.imageID]?.whaleID else { return nil }
        return Self.classification(animal, of: "prediction", query.imageID, ["confidence": Self.shortest(answer.score)])
    }

    /// The photographs returned for the queries with this photograph, one scenario after the other.
    private func ranking(_ queries: [Rankings.Query]) -> JSONValue {
        let labels = queries.flatMap { query in
            query.answers.enumerated().map { position, answer in
                Self.classification(
                    run.catalog[answer.imageID]?.whaleID, of: "ranking", "\(query.id) \(position + 1)",
                    [
                        "confidence": Self.shortest(answer.score), "scenario": .string(query.scenario),
                        "rank": .number(Double(position + 1)), "image_id": .string(answer.imageID),
                        "right": answer.isRelevant.map(JSONValue.bool) ?? .null,
                    ])
            }
        }
        return ["_cls": "Classifications", "classifications": .array(labels)]
    }

    private static func classification(
        _ label: String?, of kind: String, _ owner: String, _ more: [String: JSONValue] = [:]
    ) -> JSONValue {
        .object(
            more.merging([
                "_id": id(kind, owner), "_cls": "Classification", "tags": [],
                "label": label.map(JSONValue.string) ?? .null,
            ]) { $1 })
    }

    // MARK: Values

    /// An id of MongoDB, 12 bytes, that follows from a name.
    private static func id(_ kind: String, _ name: String) -> JSONValue {
        ["$oid": .string(String(Digest.of("\(kind) \(name)").prefix(24)))]
    }

    /// A number in `0..<1` that follows from a name.
    private static func share(_ name: String) -> Double {
        Double(UInt32(Digest.of("order \(name)").prefix(8), radix: 16) ?? 0) / 0x1p32
    }

    /// A day as MongoDB's date; nil for a month or a year.
    private static func day(_ date: String) -> JSONValue? {
        date.utf8.count == "YYYY-MM-DD".utf8.count ? ["$date": .string("\(date)T00:00:00Z")] : nil
    }

    /// The number with the fewest digits that reads back as the same single-precision number.
    private static func shortest(_ value: Float) -> JSONValue { .finite(Double("\(value)") ?? Double(value)) }
}
