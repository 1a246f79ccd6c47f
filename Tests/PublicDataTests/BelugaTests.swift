import Basics
import Catalog
import Evaluation
import Foundation
import PublicData
import Results
import TestSupport
import Testing

/// The two archives of Beluga ID 2022 become one catalogue, with the competition's questions.
struct BelugaTests {
    private let place = FetchPlace()

    /// Rankings that return first what a rule calls a match; nothing else.
    private static func submission(_ labels: Labels, of queries: [String]) -> Submission {
        Submission(
            rows: queries.flatMap { query in
                (labels.answers[query] ?? []).sorted().prefix(20).enumerated().map {
                    .init(queryID: query, imageID: $1, score: 1 - Double($0) / 100)
                }
            })
    }

    @Test func `The catalogue has the photographs of both, with the competition's scenarios and labels`() async throws {
        let published = try FetchPlace.published()
        let lines = try await place.fetch(published)
        let catalog = try Catalog.read(place.folder)
        #expect(catalog.photographs.count == published.training.count + published.test.count)
        #expect(lines[0].contains("\(published.training.count) photographs of"))
        #expect(lines[1].contains("\(published.test.count) photographs in beluga-id-test; 4 scenarios"))
        #expect(lines.contains("removed     2 rows of the test's metadata that stood twice"))

        let trained = try #require(catalog[published.training[0].id])
        #expect(trained.whaleID == published.training[0].whaleID)
        #expect(trained.viewpoint == published.training[0].viewpoint)
        #expect(trained.path == "beluga.coco/images/train2022/\(trained.id).jpg")
        #expect(trained.box == nil, "a box around the whole picture is none")
        let turned = try #require(catalog[published.training[1].id])
        #expect(turned.box?.x == 4)
        #expect(turned.theta == 0.25)
        #expect(
            try Catalog.read(place.folder.appending(path: "beluga.coco")).photographs.count == published.training.count)

        let scenarios = try ScenarioFiles.read(catalog)
        #expect(scenarios.map(\.id) == published.scenarios.map(\.id))
        let labels = try Labels.read(place.folder.appending(path: "labels.csv"))
        let expected = published.labels.rows.map { $0.split(separator: ",") }.map {
            Labels.Row(queryID: String($0[1]), imageID: String($0[0]))
        }
        #expect(labels.rows == expected)
        // The labels that the workflow makes from the names in the metadata are the competition's.
        let derived = scenarios.flatMap { $0.answers(in: catalog) }.flatMap { query, answers in
            answers.map { Labels.Row(queryID: query.id, imageID: $0) }
        }
        #expect(Set(derived.map { "\($0)" }) == Set(expected.map { "\($0)" }))
    }

    @Test func `Two names of one whale are matches only in the corrected labels`() async throws {
        let published = try FetchPlace.published()
        let lines = try await place.fetch(published)
        let labels = try Labels.read(place.folder.appending(path: "labels.csv"))
        let corrected = try Labels.read(place.folder.appending(path: "labels-corrected.csv"))
        let (one, other) = (Set(labels.rows.map { "\($0)" }), Set(corrected.rows.map { "\($0)" }))
        #expect(one.isStrictSubset(of: other))
        #expect(lines.contains("labels-corrected.csv  the corrected names add \(other.count - one.count) and drop 0"))

        // A whale is itself by the pod's own names.
        let whales = Dictionary(uniqueKeysWithValues: published.test.map { (PublishedBelugas.testID($0), $0.whaleID) })
        let scenarios = try ScenarioFiles.read(Catalog.read(place.folder))
        let all = scenarios.flatMap { scenario in
            scenario.queries.map { query in
                scenario.database.count { $0 != query.imageID && whales[$0] == whales[query.imageID] }
            }
        }.reduce(0, +)
        #expect(other.count == all)

        let queries = scenarios.flatMap(\.queries).map(\.id)
        func score(_ answers: Labels, by truth: Labels) throws -> Double {
            try OfficialScore(Self.submission(answers, of: queries), labels: truth).meanAveragePrecision
        }
        #expect(try score(labels, by: labels) == 1)
        #expect(try score(corrected, by: corrected) == 1)
        #expect(try score(labels, by: corrected) < 1, "the first submission lacks matches")
        #expect(try score(corrected, by: labels) < 1, "the second has wrong ones")
    }

    @Test func `No photograph of the test trains or validates, even one that is in no scenario`() async throws {
        let published = try FetchPlace.published()
        try await place.fetch(published)
        let catalog = try Catalog.read(place.folder)
        let scenarios = try ScenarioFiles.read(catalog)
        let reserved = Set(scenarios.flatMap { $0.queries.map(\.imageID) + $0.database })
        let tested = Set(published.test.map(PublishedBelugas.testID))
        #expect(!tested.isSubset(of: reserved))
        // As in configs/belugas.yaml.
        let settings = SplitSettings(kind: .column, folds: 5) { $0.unknown = .leaveOut }
        for fold in 0..<5 {
            let split = try settings.split(catalog, fold: fold, reserved: reserved, seed: 1)
            #expect(Set(split.images(.test)) == tested)
            #expect(!split.images(.validation).isEmpty)
            #expect(split.images(.train).count + split.images(.validation).count == published.training.count)
        }
    }

    @Test func `The test alone is a folder without names, as the competitors had it`() async throws {
        let published = try FetchPlace.published()
        try await place.fetch(published)
        let folder = place.folder.appending(path: "beluga-id-test/code-execution")
        let catalog = try Catalog.read(folder)
        #expect(catalog.photographs.count == published.test.count)
        #expect(catalog.whales.isEmpty)
        #expect(try ScenarioFiles.read(catalog).count == 4)
    }

    @Test func `Names that give other matches than the labels are reported`() async throws {
        var published = try FetchPlace.published()
        published.labels.rows.removeFirst(2)
        let lines = try await place.fetch(published)
        #expect(
            lines.contains { $0.hasPrefix("note        the names give 2 other matches than labels.csv") }, "\(lines)")
    }

    /// A fault of the published files, and the error.
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let says: [String]
        let change: @Sendable (inout PublishedBelugas) -> Void
    }

    @Test(arguments: [
        Fault(
            testDescription: "contradicting names",
            says: ["private_test_metadata.csv:", "has other values than on line 2"]
        ) {
            $0.testNames.rows.append("99999" + $0.testNames.rows[0].drop { $0 != "," })
        },
        Fault(testDescription: "contradicting metadata", says: ["metadata.csv:", "already occurs on line 2"]) {
            $0.metadata.rows.append("2001-01-01" + $0.metadata.rows[0].drop { $0 != "," })
        },
        Fault(
            testDescription: "a missing column",
            says: [
                "private_test_metadata.csv:1: there is no column 'original_whale_id'. Did you mean 'original_whale_i'?"
            ]
        ) {
            $0.testNames.header = $0.testNames.header.replacing("whale_id", with: "whale_i")
        },
        Fault(testDescription: "a photograph without a row", says: ["private_test_metadata.csv has no row for 'test"]) {
            let id = $0.testNames.rows[5].split(separator: ",")[2]
            $0.testNames.rows.removeAll { $0.contains(",\(id),") }
        },
        Fault(
            testDescription: "a label of no query", says: ["private_test_labels.csv:", "no scenario has the query 'q'"]
        ) {
            $0.labels.rows.append("test0001,q")
        },
        Fault(
            testDescription: "a label outside the database",
            says: ["private_test_labels.csv:", "has no photograph 'test9999'"]
        ) {
            $0.labels.rows.append("test9999,\($0.scenarios[0].queries[0].id)")
        },
    ])
    func `A fault of the published files is an error that leaves only the downloads`(fault: Fault) async throws {
        var published = try FetchPlace.published()
        fault.change(&published)
        let error = await #expect(throws: (any Error).self) { try await place.fetch(published) }
        let text = error.map { "\($0)" } ?? ""
        for words in fault.says { #expect(text.contains(words), "\(text)") }
        #expect(place.names == ["belugas.partial"])
        #expect(
            place.visibleNames(in: "belugas.partial") == [
                "beluga-id-test.zip", "beluga-id-test.zip.address", "beluga.coco.tar.gz", "beluga.coco.tar.gz.address",
            ])
    }
}
