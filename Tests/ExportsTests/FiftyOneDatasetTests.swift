import Basics
import Catalog
import Foundation
import Testing

@testable import Exports

/// The form that FiftyOne 1.22.1 imported.
@Suite struct FiftyOneDatasetTests {
    private let folder: URL

    init() throws { folder = try TemporaryFolder("fiftyone").url }

    private func documents(boxed: Bool = false, hasEmbeddings: Bool = true) throws -> (JSONValue, [JSONValue]) {
        try ExportedPod.write(to: folder)
        let run = try ExportedPod.run(ExportedPod.catalog(in: folder, boxed: boxed), hasEmbeddings: hasEmbeddings)
        let files = FiftyOneDataset(run).files
        #expect(files.map(\.path) == [["fiftyone", "metadata.json"], ["fiftyone", "samples.json"]])
        let metadata = try JSONValue(parsing: files[0].contents(), refusesRepeatedNames: true)
        let samples = try JSONValue(parsing: files[1].contents(), refusesRepeatedNames: true)
        #expect(samples.object?.count == 1)
        return (metadata, try #require(samples["samples"]?.array))
    }

    @Test func `Every photograph is a sample with its path, names, date and role`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let samples = try documents().1
        #expect(samples.map { $0["image_id"]?.string } == ["a", "b", "c", "d"])
        #expect(samples[0]["filepath"] == .string(folder.path + "/images/a.png"))
        #expect(
            samples.map { $0[path: "animal.label"]?.string } == [ExportedPod.hostile, "w2", ExportedPod.hostile, nil])
        #expect(samples[3]["animal"] == .null && samples[0][path: "animal._cls"] == "Classification")
        #expect(samples.map { $0["tags"] } == [["validation"], ["train"], ["test"], []])
        #expect(samples.map { $0["fold"] } == [0, 1, .null, .null])
        #expect(samples.map { $0["viewpoint"] } == ["top", "left", .null, .null])
        #expect(samples[0]["date"] == ["$date": "2017-07-01T00:00:00Z"] && samples[0]["encounter"] == "e,1")
        // A month is no date of MongoDB.
        #expect(samples[1]["date"] == .null && samples.map { $0["year"] } == [2017, 2017, 2017, .null])
    }

    @Test func `Queries have their ranking, and what follows from the first one`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let samples = try documents().1
        let ranking = try #require(samples[0][path: "ranking.classifications"]?.array)
        #expect(ranking.map { $0["label"]?.string } == [ExportedPod.hostile, "w2", "w2"])
        #expect(ranking.map { $0["confidence"] } == [0.1, -0.25, -0.25])
        #expect(ranking.map { $0["rank"] } == [1, 2, 1] && ranking.map { $0["scenario"] } == ["s1", "s1", "s2"])
        #expect(
            ranking.map { $0["image_id"] } == ["c", "b", "b"] && ranking.map { $0["right"] } == [true, false, false])
        #expect(samples[0][path: "prediction.label"] == .string(ExportedPod.hostile))
        #expect(samples[0][path: "prediction.confidence"] == 0.1)
        #expect(samples[0]["average_precision"] == 0.75)
        let probability = try #require(samples[0]["probability_of_new"]?.double)
        // The exponential function rounds.
        #expect(abs(probability - 0.5) < 1e-12)
        // The only photograph returned is unnamed, the query has no match, and only validation calibrated it.
        #expect(["prediction", "average_precision", "probability_of_new"].allSatisfy { samples[1][$0] == .null })
        #expect(samples[1][path: "ranking.classifications.0.right"] == .null)
        #expect(samples[2]["ranking"] == .null)
    }

    @Test func `Embeddings are the shortest numbers that give the same floats`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (metadata, samples) = try documents()
        #expect(samples.map { $0["embedding"] } == [[-0.5, 0.25], [0.1, 1], .null, .null])
        #expect(Self.names(metadata).contains("embedding"))
        let without = try documents(hasEmbeddings: false)
        #expect(without.1.allSatisfy { $0["embedding"] == nil } && !Self.names(without.0).contains("embedding"))
    }

    @Test func `Boxes are shares of the picture, and turned boxes are polygons`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (metadata, samples) = try documents(boxed: true)
        #expect(samples[0][path: "box.detections.0.bounding_box"]?.numbers == [0.25, 0.25, 0.5, 0.5])
        #expect(samples[0][path: "box.detections.0._cls"] == "Detection" && samples[0]["turned_box"] == nil)
        // Cut at the edge of the picture.
        #expect(samples[2][path: "box.detections.0.bounding_box"]?.numbers == [0.75, 0.25, 0.25, 0.5])
        let points = try #require(samples[1][path: "turned_box.polylines.0.points.0"]?.array)
        // [10, 5, 20, 10] about its centre, (20, 10), by a quarter turn clockwise.
        for (point, wanted) in zip(points, [(25.0, 0.0), (25, 20), (15, 20), (15, 0)]) {
            let (x, y) = (point.numbers?.first ?? 9, point.numbers?.last ?? 9)
            // A sine and a cosine round.
            #expect(abs(x - wanted.0 / 40) < 1e-9 && abs(y - wanted.1 / 20) < 1e-9)
        }
        #expect(points.count == 4 && samples[3]["box"] == nil)
        #expect(Set(Self.names(metadata)).isSuperset(of: ["box", "turned_box"]))
        #expect(!Self.names(try documents().0).contains("box"))
    }

    @Test func `A box of a picture that cannot be read is left out`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try ExportedPod.write(to: folder)
        try FileManager.default.removeItem(at: folder.appending(path: "images/a.png"))
        let run = try ExportedPod.run(ExportedPod.catalog(in: folder, boxed: true))
        let samples = try JSONValue(parsing: FiftyOneDataset(run).files[1].contents())
        #expect(samples[path: "samples.0.box"] == nil && samples[path: "samples.2.box"] != nil)
    }

    @Test func `Ids are of MongoDB's form, distinct, and the same each time; every field is declared`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (metadata, samples) = try documents(boxed: true)
        var ids: [String] = []
        func collect(_ value: JSONValue) {
            if let id = value[path: "_id.$oid"]?.string { ids.append(id) }
            value.object?.values.forEach(collect)
            value.array?.forEach(collect)
        }
        samples.forEach(collect)
        // 4 samples, 3 animals, 1 prediction, 4 photographs returned, 3 boxes.
        #expect(ids.count == 15 && Set(ids).count == 15)
        #expect(ids.allSatisfy { $0.count == 24 && UInt64($0.prefix(16), radix: 16) != nil })
        #expect(try documents(boxed: true).1 == samples)
        let declared = Set((metadata["sample_fields"]?.array ?? []).compactMap { $0["db_field"]?.string })
        #expect(samples.allSatisfy { Set($0.object?.keys.map(\.self) ?? []).isSubset(of: declared) })
        #expect(metadata["version"] == "1.0.0" && metadata["media_type"] == "image")
        let ranking = metadata["sample_fields"]?.array?.first { $0["name"] == "ranking" }
        #expect(ranking?[path: "fields.0.name"] == "classifications")
        #expect(ranking?[path: "fields.0.subfield"] == "fiftyone.core.fields.EmbeddedDocumentField")
        #expect(ranking?[path: "embedded_doc_type"] == "fiftyone.core.labels.Classifications")
    }

    private static func names(_ metadata: JSONValue) -> [String] {
        (metadata["sample_fields"]?.array ?? []).compactMap { $0["name"]?.string }
    }
}
