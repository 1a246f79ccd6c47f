import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results

/// A catalogue with people's decisions applied: names are merged or split, and new photographs are added.
public struct CatalogCorrection: Sendable {
    private let catalog: Catalog
    /// The new names, by image_id.
    let names: [String: String]
    /// New photographs with their names, and where their files are.
    private let added: [(photograph: Photograph, file: URL)]
    /// What was decided, in lines.
    private let summary: [String]

    /// Reads a folder and the decisions.
    ///
    /// - Parameters:
    ///   - decisions: `suspects.csv` with the column `decision` filled in, or the `decisions.csv` of `review`.
    ///   - data: The folder by its absolute path.
    /// - Throws: ``CatalogError`` with every name or photograph that is not in the folder, ``FileError``, or
    ///   ``WorkflowError/contradiction(_:)``.
    public init(_ decisions: URL, data: DataSettings) throws {
        if try DecisionLog.isLog(decisions) {
            try self.init(log: decisions, data: data)
        } else {
            try self.init(suspects: decisions, data: data)
        }
    }

    /// Merged animals take the name of the one with most photographs; photographs that leave a name take a new one, or
    /// that of their rival.
    private init(suspects: URL, data: DataSettings) throws {
        catalog = try data.catalog()
        let read = try SuspectTable.read(suspects)
        let accepted = read.filter { $0.suspect.decision == .accept }
        var checker = DecisionChecker(catalog: catalog, path: suspects.path)
        for entry in accepted { checker.check(entry.suspect, line: entry.line) }
        guard checker.problems.isEmpty else { throw CatalogError(checker.problems) }

        let merges = accepted.map(\.suspect).filter { $0.kind == .merge }
        let sizes = Dictionary(grouping: catalog.photographs.compactMap(\.whaleID)) { $0 }.mapValues(\.count)
        let kept = Self.joined(merges.map { ($0.whaleID, $0.otherWhaleID) }, sizes: sizes)
        var names: [String: String] = [:]
        let split = accepted.map(\.suspect).filter { $0.kind == .split }
        for suspect in split {
            for id in suspect.imageIDs { names[id] = kept[suspect.otherWhaleID] ?? suspect.otherWhaleID }
        }
        for photograph in catalog.photographs {
            guard names[photograph.id] == nil, let whale = photograph.whaleID, let name = kept[whale], name != whale
            else { continue }
            names[photograph.id] = name
        }
        self.names = names
        added = []
        let counts = Dictionary(grouping: read, by: \.suspect.decision).mapValues(\.count)
        func count(_ decision: IdentitySuspect.Decision) -> Int { counts[decision] ?? 0 }
        var lines = ["\(count(.accept)) accepted, \(count(.reject)) rejected, \(count(.undecided)) undecided"]
        for suspect in split {
            lines.append(Self.line(split: suspect.imageIDs.count, of: suspect.whaleID, into: suspect.otherWhaleID))
        }
        for (name, kept) in kept.filter({ $0.key != $0.value }).sorted(by: { $0.key < $1.key }) {
            lines.append("merged: \(name) → \(kept)")
        }
        summary = lines
    }

    /// Applies what people agreed on in `review`.
    private init(log: URL, data: DataSettings) throws {
        catalog = try data.catalog()
        let read = try DecisionLog(log)
        let decided = DecidedNames(catalog, read.contents().decisions)
        guard decided.conflicts.isEmpty else { throw WorkflowError.contradiction(decided.conflicts) }
        names = decided.names
        added = try Self.photographs(decided.additions, besides: catalog, patterns: data.patterns)
        func count(_ verdict: PairDecision.Verdict) -> Int { decided.counts[verdict] ?? 0 }
        var lines = [
            "\(count(.same)) same, \(count(.different)) different, \(count(.new)) new, "
                + "\(count(.notUsable)) not usable"
        ]
        for part in decided.divided {
            lines.append(
                part.from.map { Self.line(split: part.count, of: $0, into: part.into) }
                    ?? "named: \(NumberText.counted(part.count, "photograph", "photographs")) → \(part.into)")
        }
        lines += decided.merged.map { "merged: \($0.from) → \($0.into)" }
        if !added.isEmpty {
            let animals = Set(added.compactMap(\.photograph.whaleID)).count
            lines.append(
                "added: \(NumberText.counted(added.count, "new photograph", "new photographs")) of "
                    + NumberText.counted(animals, "animal", "animals"))
        }
        lines += decided.unusable.map { "not usable, still in the catalogue: \($0)" }.firstLines
        lines += decided.disputes.map { "disputed, not applied: \($0)" }.firstLines
        lines += decided.unknown.map { "not applied: \($0)" }.firstLines
        lines += read.problems.lines
        summary = lines
    }

    private static func line(split count: Int, of name: String, into new: String) -> String {
        "split: \(NumberText.counted(count, "photograph", "photographs")) of \(name) → \(new)"
    }

    /// The new photographs, each with an id and a path that the catalogue does not have.
    private static func photographs(
        _ additions: [DecidedNames.Addition], besides catalog: Catalog, patterns: PatternChoice
    ) throws -> [(photograph: Photograph, file: URL)] {
        var taken = Set(catalog.photographs.flatMap { [$0.id, $0.path] })
        return try additions.map { addition in
            let url = URL(filePath: addition.path)
            guard FileManager.default.fileExists(atPath: url.path) else {
                throw FileError.unreadable(path: url.path, reason: "no such file or directory")
            }
            let (stem, ending) = (url.deletingPathExtension().lastPathComponent, url.pathExtension)
            let names = [stem] + (2..<1000).map { "\(stem)-\($0)" }
            guard let id = names.first(where: { !taken.contains($0) && !taken.contains("images/\($0).\(ending)") })
            else {
                throw FileError.unreadable(path: url.path, reason: "a thousand photographs have this name")
            }
            let path = "images/\(id).\(ending)"
            taken.formUnion([id, path])
            return (
                Photograph(
                    undescribed: url, id: id, path: path,
                    viewpoint: try patterns.viewpoint(ofFileAt: addition.path) ?? .unknown, whaleID: addition.name),
                url
            )
        }
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
            for photograph in catalog.photographs {
                try place(catalog.directory.appending(path: photograph.path), at: photograph.path, in: partial)
            }
            for new in added { try place(new.file, at: new.photograph.path, in: partial) }
            let corrected = Catalog(
                directory: partial,
                photographs: catalog.photographs.map { $0.named(names[$0.id] ?? $0.whaleID) } + added.map(\.photograph))
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

    private func place(_ file: URL, at path: String, in folder: URL) throws {
        let source = file.resolvingSymlinksInPath()
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
        var lines = summary
        let animals = Set(
            catalog.photographs.compactMap { names[$0.id] ?? $0.whaleID } + added.compactMap(\.photograph.whaleID)
        ).count
        lines.append(
            "\(NumberText.counted(names.count, "photograph has", "photographs have")) a new name; "
                + "\(NumberText.counted(catalog.whales.count, "animal", "animals")) before, \(animals) now")
        if !names.isEmpty || !added.isEmpty {
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
        let isRival = suspect.otherWhaleID == suspect.rival?.whaleID && has(suspect.otherWhaleID)
        if !isRival,
            has(suspect.otherWhaleID) || suspect.otherWhaleID.isEmpty || !given.insert(suspect.otherWhaleID).inserted
        {
            add(
                line, "the new name \(quoted: suspect.otherWhaleID) is empty or already in use",
                "Write a new name into other_whale_id, or that of rival_whale_id.")
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
