import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results

/// A catalogue with a curator's decisions applied: accepted suspects are merged or split.
public struct CatalogCorrection: Sendable {
    private let catalog: Catalog
    /// The new names, by image_id.
    let names: [String: String]
    private let merged: [(from: String, into: String)]
    private let split: [IdentitySuspect]
    private let counts: [IdentitySuspect.Decision: Int]

    /// Reads a folder and the decisions.
    ///
    /// Splits come first; then merged animals take the name of the one with most photographs.
    ///
    /// - Parameters:
    ///   - suspects: `suspects.csv` with the column `decision` filled in.
    ///   - data: The folder by its absolute path.
    /// - Throws: ``CatalogError`` with every name or photograph that is not in the folder, or ``FileError``.
    public init(_ suspects: URL, data: DataSettings) throws {
        catalog = try data.catalog()
        let read = try SuspectTable.read(suspects)
        counts = Dictionary(grouping: read, by: \.suspect.decision).mapValues(\.count)
        let accepted = read.filter { $0.suspect.decision == .accept }
        var checker = DecisionChecker(catalog: catalog, path: suspects.path)
        for entry in accepted { checker.check(entry.suspect, line: entry.line) }
        guard checker.problems.isEmpty else { throw CatalogError(checker.problems) }

        var names: [String: String] = [:]
        split = accepted.map(\.suspect).filter { $0.kind == .split }
        for suspect in split {
            for id in suspect.imageIDs { names[id] = suspect.otherWhaleID }
        }
        let merges = accepted.map(\.suspect).filter { $0.kind == .merge }
        let sizes = Dictionary(grouping: catalog.photographs.compactMap(\.whaleID)) { $0 }.mapValues(\.count)
        let kept = Self.joined(merges.map { ($0.whaleID, $0.otherWhaleID) }, sizes: sizes)
        for photograph in catalog.photographs {
            guard names[photograph.id] == nil, let whale = photograph.whaleID, let name = kept[whale], name != whale
            else { continue }
            names[photograph.id] = name
        }
        self.names = names
        merged = kept.filter { $0.key != $0.value }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The remaining name for every name in some pairs: of all connected names the one with most photographs, of equals
    /// the first by name.
    private static func joined(_ pairs: [(String, String)], sizes: [String: Int]) -> [String: String] {
        var groups: [String: Set<String>] = [:]
        for (one, other) in pairs {
            let group = (groups[one] ?? [one]).union(groups[other] ?? [other])
            for name in group { groups[name] = group }
        }
        return groups.mapValues { group in
            group.min { (-(sizes[$0] ?? 0), $0) < (-(sizes[$1] ?? 0), $1) } ?? ""
        }
    }

    // MARK: Writing

    /// Writes the corrected catalogue in the competition's layout: photographs as hard links if the file system allows
    /// them, else as copies; scenarios that ship with the data are copied, with new labels.
    ///
    /// - Throws: ``WorkflowError/wouldOverwrite(_:)`` if the folder exists; ``FileError``.
    public func write(to output: URL) throws {
        let manager = FileManager.default
        guard !manager.fileExists(atPath: output.path) else {
            throw WorkflowError.wouldOverwrite(output.path)
        }
        let partial = output.deletingLastPathComponent().appending(path: ".\(output.lastPathComponent).partial")
        do {
            try? manager.removeItem(at: partial)
            try manager.createDirectory(at: partial, withIntermediateDirectories: true)
            for photograph in catalog.photographs { try place(photograph.path, in: partial) }
            let corrected = Catalog(
                directory: partial,
                photographs: catalog.photographs.map { $0.named(names[$0.id] ?? $0.whaleID) })
            try corrected.writeMetadata()
            if ScenarioFiles.exist(in: catalog.directory) {
                try ScenarioFiles.write(ScenarioFiles.read(catalog), of: corrected, to: partial)
            }
            try manager.moveItem(at: partial, to: output)
        } catch {
            try? manager.removeItem(at: partial)
            guard error is CocoaError || error is POSIXError else { throw error }
            throw FileError.unwritable(path: output.path, reason: FileError.reason(of: error))
        }
    }

    private func place(_ path: String, in folder: URL) throws {
        let source = catalog.directory.appending(path: path).resolvingSymlinksInPath()
        let target = folder.appending(path: path)
        // Several boxes can share one picture.
        guard !FileManager.default.fileExists(atPath: target.path) else { return }
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        do {
            try FileManager.default.linkItem(at: source, to: target)
        } catch {
            try FileManager.default.copyItem(at: source, to: target)
        }
    }

    // MARK: Summary

    /// A summary of the changes, and the stages that they make stale.
    public var text: String {
        func count(_ decision: IdentitySuspect.Decision) -> Int { counts[decision] ?? 0 }
        var lines = ["\(count(.accept)) accepted, \(count(.reject)) rejected, \(count(.undecided)) undecided"]
        for suspect in split {
            let photographs = NumberText.counted(suspect.imageIDs.count, "photograph", "photographs")
            lines.append("split: \(photographs) of \(suspect.whaleID) → \(suspect.otherWhaleID)")
        }
        for (name, kept) in merged { lines.append("merged: \(name) → \(kept)") }
        let animals = Set(catalog.photographs.compactMap { names[$0.id] ?? $0.whaleID }).count
        lines.append(
            "\(NumberText.counted(names.count, "photograph has", "photographs have")) a new name; "
                + "\(NumberText.counted(catalog.whales.count, "animal", "animals")) before, \(animals) now")
        if !names.isEmpty {
            lines.append("stale once 'data' names the new folder: \(Self.stale.joined(separator: ", "))")
        }
        return lines.visibleLines
    }

    /// The stages that read names, and the stages that read their results.
    private static var stale: [String] {
        var stale: Set<StageName> = []
        for name in StageName.allCases {
            let (files, data) = name.stage.inputs()
            if data.contains(.metadata) || files.keys.contains(where: stale.contains) { stale.insert(name) }
        }
        return stale.sorted().map(\.rawValue)
    }
}

/// Checks decisions against a catalogue.
private struct DecisionChecker {
    let catalog: Catalog
    let path: String
    private(set) var problems = ProblemList()
    private let whales: [String]
    private var divided: Set<String> = []
    private var given: Set<String> = []

    init(catalog: Catalog, path: String) {
        self.catalog = catalog
        self.path = path
        whales = catalog.whales
    }

    mutating func check(_ suspect: IdentitySuspect, line: Int) {
        func has(_ whale: String) -> Bool { catalog.photographs.contains { $0.whaleID == whale } }
        for whale in suspect.kind == .merge ? [suspect.whaleID, suspect.otherWhaleID] : [suspect.whaleID]
        where !has(whale) {
            let near = Spelling.nearest(to: whale, among: whales).map { ", but \(quoted: $0)" } ?? ""
            add(line, "the folder has no animal \(quoted: whale)\(near)", "Correct the name, or reject the row.")
        }
        guard suspect.kind == .split else { return }
        if suspect.imageIDs.isEmpty {
            add(
                line, "the split of \(quoted: suspect.whaleID) names no photograph",
                "List the photographs to split off in image_ids.")
        }
        if has(suspect.otherWhaleID) || suspect.otherWhaleID.isEmpty || !given.insert(suspect.otherWhaleID).inserted {
            add(
                line, "the new name \(quoted: suspect.otherWhaleID) is empty or already in use",
                "Write a new name into other_whale_id.")
        }
        for id in suspect.imageIDs {
            if catalog[id] == nil || catalog[id]?.whaleID != suspect.whaleID {
                add(
                    line, "\(quoted: id) is not a photograph of \(quoted: suspect.whaleID)",
                    "Remove it from image_ids.")
            } else if !divided.insert(id).inserted {
                add(line, "\(quoted: id) is also in another accepted split", "Keep it in one of them.")
            }
        }
    }

    private mutating func add(_ line: Int, _ problem: String, _ remedy: String) {
        problems.add(path, line: line, problem, remedy)
    }
}
