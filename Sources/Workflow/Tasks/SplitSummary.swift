import Basics
import Catalog
import Foundation

extension Project {
    /// The split that is current, in numbers.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)``.
    public func splitSummary() async throws -> String {
        var texts: [String] = []
        for fold in configuration.folds {
            let title = configuration.folds.count > 1 ? "fold \(fold)\n" : ""
            texts.append(title + (try await splitSummary(fold: fold)))
        }
        return texts.joined(separator: "\n")
    }

    private func splitSummary(fold: Int) async throws -> String {
        let folder = try await results(of: Node(.split, fold: fold))
        let split = try Split.read(folder.appending(path: SplitStage.splitFile))
        let scenarios = try ScenarioSet.read(folder.appending(path: SplitStage.scenarioFile)).scenarios
        let roles = Role.allCases.map { role in
            let rows = split.rows.filter { $0.role == role }
            return [role.rawValue, String(rows.count), String(Set(rows.map(\.whaleID)).count)]
        }
        let asked = scenarios.map { [$0.id, String($0.queries.count), String($0.database.count)] }
        return TextTable.text(header: ["role", "photographs", "animals"], rows: roles) + "\n"
            + TextTable.text(header: ["scenario", "queries", "database"], rows: asked) + "\n"
            + folder.appending(path: SplitStage.splitFile).path + "\n"
    }

    /// The folder of a node's current result.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)``.
    public func results(of node: Node) async throws -> URL {
        let inspector = try await inspector(of: [node.stage])
        guard let status = inspector.statuses[node], status.state.isUsable, let key = status.key else {
            throw WorkflowError.notRun(
                node: node.name, reason: inspector.statuses[node]?.reason ?? "the configuration has no such node")
        }
        return store.folder(of: node.stage, key: key)
    }
}
