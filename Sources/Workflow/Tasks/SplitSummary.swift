import Basics
import Catalog
import Foundation
import Results

extension Project {
    /// The current split in numbers, with its leaks.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)``.
    public func splitSummary() async throws -> String {
        // The other stages would need the worker's version of libtorch.
        let inspector = try await inspector(of: [.split, .measure])
        let catalog = try configuration.resolvedData.catalog()
        let fingerprints = try fingerprints(inspector)
        var texts: [String] = []
        for fold in configuration.folds {
            let title = configuration.folds.count > 1 ? "fold \(fold)\n" : ""
            let text = try splitSummary(fold: fold, inspector, catalog, fingerprints)
            texts.append(title + text)
        }
        return texts.joined(separator: "\n")
    }

    private func splitSummary(
        fold: Int, _ inspector: Inspector, _ catalog: Catalog, _ fingerprints: [String: Fingerprint]
    ) throws -> String {
        let folder = try results(of: Node(.split, fold: fold), inspector)
        let split = try SplitFiles.split.read(in: folder)
        let scenarios = try SplitFiles.scenarios.read(in: folder).scenarios
        let audit = SplitAudit(catalog, split: split, scenarios: scenarios, fingerprints: fingerprints)
        let roles = Role.allCases.map { role in
            let rows = split.rows.filter { $0.role == role }
            return [role.rawValue, String(rows.count), String(rows.animals.count)]
        }
        let asked = zip(scenarios, audit.scenarios).map { scenario, found in
            [scenario.id, String(scenario.queries.count), String(found.queries.count), String(scenario.database.count)]
        }
        let tables = [
            TextTable.text(header: ["role", "photographs", "animals"], rows: roles),
            TextTable.text(header: ["scenario", "queries", "answerable", "database"], rows: asked),
            TextTable.text(header: ["possible leaks", "validation", "test", "queries"], rows: audit.leakRows),
        ]
        let notes = audit.warnings.map { "warning: \($0)" } + audit.remarks
        return (tables + (notes.isEmpty ? [] : [notes.visibleLines])).joined(separator: "\n")
            + "\n\(SplitFiles.split.url(in: folder).path.visible)\n"
    }

    /// Writes the current scenarios in the competition's format, with labels; if there are several folds, each into its
    /// own folder, `fold-0` and so on.
    ///
    /// - Returns: The folders.
    /// - Throws: ``WorkflowError/wouldOverwrite(_:)`` if a file exists.
    public func writeScenarios(to directory: URL) async throws -> [URL] {
        let inspector = try await inspector(of: [.split])
        let catalog = try configuration.resolvedData.catalog()
        let folders = configuration.folds.map { fold in
            (fold, configuration.folds.count > 1 ? directory.appending(path: "fold-\(fold)") : directory)
        }
        for (_, folder) in folders {
            for name in ["query_scenarios.csv", "labels.csv", "queries", "databases"] {
                let path = folder.appending(path: name).path
                if FileManager.default.fileExists(atPath: path) { throw WorkflowError.wouldOverwrite(path) }
            }
        }
        for (fold, folder) in folders {
            let set = try SplitFiles.scenarios.read(in: results(of: Node(.split, fold: fold), inspector))
            try ScenarioFiles.write(set.scenarios, of: catalog, to: folder)
        }
        return folders.map(\.1)
    }

    /// The folder of a node's current result.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)``.
    public func results(of node: Node) async throws -> URL { try results(of: node, await inspector(of: [node.stage])) }

    func results(of node: Node, _ inspector: Inspector) throws -> URL {
        guard let status = inspector.statuses[node], status.state.isUsable, let key = status.key else {
            throw WorkflowError.notRun(
                node: node.name, reason: inspector.statuses[node]?.reason ?? "the configuration has no such node")
        }
        return store.folder(of: node.stage, key: key)
    }

    /// The fingerprints of the photographs: digests of files from the manifest, and hashes from `measure` if it has a
    /// current result.
    func fingerprints(_ inspector: Inspector) throws -> [String: Fingerprint] {
        let measures = inspector.statuses[Node(.measure)].flatMap { $0.state.isUsable ? $0.key : nil }
        return .joined(
            digests: try inspector.manifest.digests(in: store),
            hashes: try measures.map {
                try MeasureFiles.measures.read(in: store.folder(of: .measure, key: $0)).perceptualHashes
            } ?? [:])
    }
}

extension SplitAudit {
    /// One row for each kind of leak.
    fileprivate var leakRows: [[String]] {
        leaks.map { [$0.kind.noun, String($0.validation), String($0.test), String($0.queries)] }
            + unknown.map { [$0.noun, "–", "–", "–"] }
    }
}
