import Basics
import Foundation
import Testing

@testable import Catalog

/// A pod without leaks, into which each test plants one.
@Suite struct AuditTests {
    /// Two animals, each with a training photograph, a validation photograph, a query and a match.
    private struct Planted {
        var photographs: [Photograph]
        var fingerprints: [String: Fingerprint] = [:]
        private static let roles: [Role] = [.train, .validation, .test, .test]

        init() {
            photographs = ["A", "B"].flatMap { (whale: String) in
                (0..<4).map { index in
                    Photograph(
                        id: "\(whale)\(index)", path: "images/\(whale)\(index).jpg", date: "2019-01-0\(index + 1)",
                        timestamp: "2019-01-0\(index + 1) 10:00:0\(whale == "A" ? 0 : 1)", whaleID: whale,
                        encounterID: "\(whale)-\(index)")
                }
            }
            for (position, photograph) in photographs.enumerated() {
                // The patterns differ in at least 16 bits.
                let hash = UInt64(0xFF) << UInt64(8 * position)
                fingerprints[photograph.id] = Fingerprint(digest: "digest \(position)", perceptualHash: hash)
            }
        }

        mutating func change(
            _ id: String, path: String? = nil, timestamp: String? = nil, encounter: String? = nil
        ) throws {
            let position = try #require(photographs.firstIndex { $0.id == id })
            let old = photographs[position]
            photographs[position] = Photograph(
                id: id, path: path ?? old.path, date: old.date, timestamp: timestamp ?? old.timestamp,
                whaleID: old.whaleID, encounterID: encounter ?? old.encounterID)
        }

        func audit(limit: Int = 4) -> SplitAudit {
            let catalog = Catalog(directory: URL(filePath: "/nowhere"), photographs: photographs)
            let rows = photographs.enumerated().map { position, photograph in
                Split.Row(
                    imageID: photograph.id, whaleID: photograph.whaleID ?? "", fold: nil, role: Self.roles[position % 4]
                )
            }
            let scenario = Scenario(
                id: "s", queries: [.init(id: "s-A2", imageID: "A2"), .init(id: "s-B2", imageID: "B2")],
                database: ["A3", "B3"])
            return SplitAudit(
                catalog, split: Split(rows: rows), scenarios: [scenario], fingerprints: fingerprints, limit: limit)
        }

        /// The leaks found, by kind.
        func leaks(limit: Int = 4) -> [LeakKind: SplitAudit.Leak] {
            let found = audit(limit: limit).leaks.filter { !$0.isEmpty }
            return Dictionary(uniqueKeysWithValues: found.map { ($0.kind, $0) })
        }
    }

    @Test func `Without a planted leak none is found`() {
        let audit = Planted().audit()
        #expect(audit.leaks.map(\.kind) == LeakKind.allCases && audit.leaks.allSatisfy { $0.isEmpty && !$0.matters })
        #expect(audit.animals == .init(onBothSides: 2, unseen: 0, trainedOnly: 0))
        #expect(audit.answerable == .init(count: 2, total: 2))
        #expect(audit.scenarios[0].sameEncounter == .init(count: 0, total: 2))
    }

    @Test(arguments: [("A1", 1, 0), ("A2", 0, 1)])
    func `A validation or test photograph of a training encounter is found`(id: String, validation: Int, test: Int)
        throws
    {
        var planted = Planted()
        try planted.change(id, encounter: "A-0")
        let leaks = planted.leaks()
        #expect(Array(leaks.keys) == [.encounter])
        let leak = try #require(leaks[.encounter])
        #expect(leak.validation == validation && leak.test == test && leak.sameAnimal == 1 && leak.matters)
        #expect(leak.examples == [.init(imageID: id, otherID: "A0")])
    }

    @Test func `Test photographs of a validation encounter are reported`() throws {
        var planted = Planted()
        try planted.change("A2", encounter: "A-1")
        #expect(planted.audit().leaks[0].testAgainstValidation == 1 && planted.audit().warnings == [])
        #expect(
            planted.audit().remarks.first?.hasPrefix(
                "1 of 4 test photographs share an encounter with a validation photograph")
                == true)
    }

    @Test func `A match from the query's own encounter is found`() throws {
        var planted = Planted()
        try planted.change("A3", encounter: "A-2")
        let leak = try #require(planted.leaks()[.encounter])
        #expect(leak.queries == 1 && leak.test == 0 && leak.matters)
        #expect(planted.audit().scenarios[0].sameEncounter == .init(count: 1, total: 2))
    }

    @Test func `The same second is found, a later second is not; another animal in it is only a remark`()
        throws
    {
        var planted = Planted()
        try planted.change("A2", timestamp: "2019-01-01 10:00:02")
        #expect(planted.leaks() == [:])
        try planted.change("A2", timestamp: "2019-01-01T10:00:00Z")
        #expect(planted.leaks()[.second]?.matters == true && planted.leaks().count == 1)
        try planted.change("A2", timestamp: "2019-01-01 10:00:01")
        let other = try #require(planted.leaks()[.second])
        #expect(other.test == 1 && other.sameAnimal == 0 && !other.matters)
        #expect(planted.audit().warnings == [])
        let remark = """
            1 photograph in validation and test was taken in the same second as a training photograph of another animal.
            """
        #expect(planted.audit().remarks == [remark])
        try planted.change("A2", timestamp: "2019-01-01 10:00")
        #expect(planted.leaks() == [:], "a minute is not a second")
    }

    @Test func `Near-duplicates are found up to the limit but not beyond`() throws {
        var planted = Planted()
        let hash = try #require(planted.fingerprints["A0"]?.perceptualHash)
        planted.fingerprints["A2"]?.perceptualHash = hash ^ 0x8000_0100_0100_0001
        #expect(planted.leaks()[.nearDuplicate]?.test == 1)
        #expect(planted.leaks(limit: 3) == [:])
        planted.fingerprints["A2"]?.perceptualHash = hash ^ 0x8100_0100_0100_0001
        #expect(planted.leaks() == [:])
    }

    @Test func `The same file is found by its bytes and by its path, and is not also a near-duplicate`() throws {
        var planted = Planted()
        planted.fingerprints["A2"] = planted.fingerprints["B0"]
        let leak = try #require(planted.leaks()[.source])
        #expect(leak.test == 1 && leak.sameAnimal == 0 && leak.matters && planted.leaks().count == 1)
        var cut = Planted()
        cut.fingerprints = [:]
        try cut.change("B1", path: "images/B0.jpg")
        #expect(cut.leaks()[.source]?.validation == 1)
        #expect(cut.audit().unknown == [.nearDuplicate])
    }

    @Test func `All near hashes are found, as by comparing every pair`() {
        var generator = SeededGenerator(seed: 4)
        var hashes: Set<UInt64> = [0, .max]
        while hashes.count < 300 {
            let one = generator.next()
            hashes.insert(one)
            // Differs in up to 12 bits.
            hashes.insert(
                (0..<generator.integer(in: 1..<13)).reduce(one) { hash, _ in
                    hash ^ (1 << UInt64(generator.integer(in: 0..<64)))
                })
        }
        let list = hashes.sorted()
        for limit in [0, 1, 4, 10, 63] {
            let expected = list.map { one in
                list.indices.filter { list[$0] != one && (list[$0] ^ one).nonzeroBitCount <= limit }
            }
            #expect(HammingNeighbours.neighbours(of: list, within: limit) == expected)
        }
    }
}
