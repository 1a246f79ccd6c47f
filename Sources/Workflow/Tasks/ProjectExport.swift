import Basics
import Catalog
import Exports
import Foundation
import PublicData
import Results

/// Writes a run's results for other tools.
public struct ProjectExport {
    private let project: Project
    private let run: String
    private let forms: [ExportForm]
    /// Whether a form without anything to write is an error.
    private let requiresAll: Bool
    private let licence: String?

    /// Creates a task.
    ///
    /// - Parameters:
    ///   - project: The project; its catalogue must be that of the run.
    ///   - run: The run's number or tag, `current` or `previous`.
    ///   - forms: What to write; empty for everything that the run has.
    ///   - licence: The catalogue's licence; nil if it is unknown, or that of a public set.
    public init(_ project: Project, run: String, forms: [ExportForm], licence: String?) {
        self.project = project
        self.run = run
        self.forms = forms.isEmpty ? ExportForm.allCases : ExportForm.allCases.filter(forms.contains)
        requiresAll = !forms.isEmpty
        self.licence = licence
    }

    /// Reads everything, then writes the files, each next to its place before it is renamed.
    ///
    /// An earlier export in the folder keeps its other forms; files that its forms no longer have are removed.
    ///
    /// - Returns: The files, and what was left out and why.
    /// - Throws: ``ExportError``, ``LedgerError/unknownRun(_:near:count:)``, ``ComparisonError`` for a run whose results
    ///   are missing or damaged; `CatalogError`, `FileError`.
    public func write(to folder: URL) async throws -> (files: [URL], notes: [String]) {
        let earlier = try Self.earlier(in: folder)
        let catalog = try project.configuration.resolvedData.catalog()
        var files: [ExportFile] = []
        var notes: [String] = []
        if forms != [.croissant] {
            let run = try Ledger(project.store).run(named: run)
            if forms.contains(.fiftyone) || forms.contains(.wildbook) {
                let exported = try exported(run, catalog, &notes)
                if forms.contains(.fiftyone) { files += FiftyOneDataset(exported).files }
                if forms.contains(.wildbook) { files += MatchList(exported).files }
            }
            if forms.contains(.tensorboard) { files += try histories(of: run, &notes) }
        }
        if forms.contains(.croissant) { files += try await croissant(catalog, &notes).files }
        return (try Self.write(files, of: forms, to: folder, after: earlier), notes)
    }

    // MARK: Contents

    private func exported(_ run: RunEntry, _ catalog: Catalog, _ notes: inout [String]) throws -> ExportedRun {
        func folder(_ stage: StageName) throws -> URL { try run.wholeResult(of: stage, in: project.store).folder }
        let (evaluated, searched, expanded) = (try folder(.evaluate), try folder(.search), try folder(.expand))
        let split = try SplitFiles.split.read(in: folder(.split))
        try Self.check(catalog, split, run)
        return ExportedRun(
            name: run.name, catalog: catalog, split: split, rankings: try ExpandFiles.neighbours.read(in: expanded),
            outcomes: try EvaluateFiles.queries.read(in: evaluated),
            novelty: try SearchFiles.novelty.read(in: searched),
            calibration: try EvaluateFiles.calibration.read(in: evaluated).calibration,
            embeddings: forms.contains(.fiftyone) ? try embeddings(of: run, &notes) : nil)
    }

    /// Those of the first member, seed and fold; nil if they were removed from the store.
    private func embeddings(of run: RunEntry, _ notes: inout [String]) throws -> ExportedRun.Embeddings? {
        do {
            let folder = try run.wholeResult(of: .embed, in: project.store).folder
            let photographs = try EmbedFiles.photographs.read(in: folder)
            return .init(try EmbedFiles.embeddings.read(in: folder), of: photographs.map(\.imageID))
        } catch let error as ComparisonError {
            guard case .gone = error else { throw error }
            notes.append("\(ExportForm.fiftyone.rawValue): without embeddings. \(error)")
            return nil
        }
    }

    private func histories(of run: RunEntry, _ notes: inout [String]) throws -> [ExportFile] {
        let files = try run.nodes.filter { $0.stage == .train }.compactMap { state -> ExportFile? in
            let (folder, record) = try run.wholeResult(of: .train, key: state.key, in: project.store)
            // An imported model may have none.
            guard TrainFiles.history.exists(in: folder) else { return nil }
            return EventFile(try TrainFiles.history.read(in: folder), startedAt: record.startedAt).file
        }
        if files.isEmpty {
            guard !requiresAll else { throw ExportError.noTraining(run: run.name) }
            notes.append("\(ExportForm.tensorboard.rawValue): nothing was trained")
        }
        return files
    }

    private func croissant(_ catalog: Catalog, _ notes: inout [String]) async throws -> CroissantMetadata {
        let inspector = try await project.inspector(of: [.split])
        let digests = try inspector.manifest.digests(in: project.store).filter { StoredName.isKey($0.value) }
        let name = try PublicDataSet.name(fetchedInto: catalog.directory)
        let set = PublicDataSet.all.first { $0.name == name }
        let known = licence ?? set.map { $0.licenceAddress ?? $0.licence }
        if known == nil {
            notes.append(
                "\(ExportForm.croissant.rawValue): no licence is known; before you publish, give it by --licence")
        }
        let origin = known.map { CroissantMetadata.Origin(licence: $0, credit: set?.credit, page: set?.page) }
        return CroissantMetadata(catalog, digests: digests, origin: origin)
    }

    /// Refuses a catalogue with other photographs or names than the run's.
    private static func check(_ catalog: Catalog, _ split: Split, _ run: RunEntry) throws {
        func changed(_ change: String) -> ExportError {
            .otherCatalogue(run: run.name, path: catalog.directory.path, change: change)
        }
        let photographs = catalog.photographs
        for (photograph, row) in zip(photographs, split.rows) {
            guard photograph.id == row.imageID else {
                throw changed("\(quoted: photograph.id) is in the place of \(quoted: row.imageID)")
            }
            guard photograph.whaleID ?? "" == row.whaleID else {
                throw changed("\(quoted: photograph.id) has another name")
            }
        }
        guard photographs.count == split.rows.count else {
            throw changed("it has \(photographs.count) photographs instead of \(split.rows.count)")
        }
    }

    // MARK: The folder

    /// Whether a path of a manifest is that of an export's file.
    private static func isOwn(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        return names.count > 1 && ExportForm(rawValue: String(names[0])) != nil
    }

    /// The manifest of an earlier export.
    ///
    /// - Throws: ``ExportError/notExport(path:)`` if the folder has anything else.
    private static func earlier(in folder: URL) throws -> Manifest {
        let manifest = Manifest.read(folder.appending(path: Manifest.name), owning: isOwn)
        var status = stat()
        guard manifest.files.isEmpty, lstat(folder.path, &status) == 0 else { return manifest }
        guard try FileError.attempt({ try HeldFolder(folder).names() })?.isEmpty == true else {
            throw ExportError.notExport(path: folder.path)
        }
        return manifest
    }

    private static func write(
        _ files: [ExportFile], of forms: [ExportForm], to folder: URL, after earlier: Manifest
    ) throws -> [URL] {
        let kept = earlier.files.filter { path in !forms.contains { path.hasPrefix("\($0.rawValue)/") } }
        let current = Manifest(files: kept.union(files.map { $0.path.joined(separator: "/") }))
        let manifest = folder.appending(path: Manifest.name)
        // Listed before they are written: a crash in between leaves no file unlisted.
        try Manifest(files: earlier.files.union(current.files)).write(to: manifest)
        for file in files {
            // Refuses a link in the place of a folder, so that nothing is written elsewhere.
            _ = try file.path.dropLast().reduce(HeldFolder(folder)) { try $0.makingFolder($1) }
            try file.write(to: folder.appending(path: file.path.joined(separator: "/")))
        }
        earlier.removeFiles(notIn: current, from: folder)
        try current.write(to: manifest)
        return files.map { folder.appending(path: $0.path.joined(separator: "/")) }
    }
}

/// Errors of exports.
public enum ExportError: Error, Equatable, CustomStringConvertible {
    case notExport(path: String)
    case otherCatalogue(run: String, path: String, change: String)
    case noTraining(run: String)

    public var description: String {
        switch self {
        case .notExport(let path):
            "\(path) exists and is not a folder that 'whalebook export' wrote. Name another folder, or move it away."
        case .otherCatalogue(let run, let path, let change):
            """
            The catalogue \(path) has changed since the run \(quoted: run): \(change). Run 'whalebook run', then export \
            the new run.
            """
        case .noTraining(let run):
            "Nothing was trained in the run \(quoted: run), so there is no history. Leave out the form tensorboard."
        }
    }
}
