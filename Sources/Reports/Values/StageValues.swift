import Basics
import Catalog
import Evaluation
import Foundation
import Results

extension Artefacts {
    /// The inline values below a stage's name: its JSON file with counts of its tables, and `node.…`.
    ///
    /// - Throws: ``FileError``.
    func reportValues(of node: ReportNode) throws -> JSONValue {
        var members: [String: JSONValue] =
            switch node.stage {
            case .split: try splitValues(node)
            case .train: try trainValues(node)
            case .evaluate: try evaluateValues(node)
            case .sweep: try members(SweepFiles.summary, node)
            case .explain: try members(ExplainFiles.summary, node)
            case .reduce: try members(ReduceFiles.summary, node)
            case .bridge: try members(AdapterFiles.summary, node)
            case .measure, .embed, .search, .expand: [:]
            }
        members["node"] = [
            "name": .string(node.name), "key": .string(node.key), "digest": .string(node.outputDigest),
            "seconds": node.seconds.map(JSONValue.number) ?? .null,
            "started_at": node.startedAt.map(JSONValue.string) ?? .null,
        ]
        return .object(members)
    }

    private func members<Contents: Codable & Sendable>(
        _ file: ResultFile<Contents>, _ node: ReportNode
    ) throws -> [String: JSONValue] {
        try JSONValue(encoding: read(file, of: node)).object ?? [:]
    }

    private func splitValues(_ node: ReportNode) throws -> [String: JSONValue] {
        let rows = try read(SplitFiles.split, of: node).rows
        func counts(_ rows: [Split.Row]) -> [String: JSONValue] {
            [
                "photographs": .number(Double(rows.count)),
                "animals": .number(Double(rows.animals.count)),
            ]
        }
        var members = counts(rows)
        let trained = rows.filter { $0.role == .train }.animals
        for role in Role.allCases {
            let own = rows.filter { $0.role == role }
            let unseen = own.animals.subtracting(trained).count
            members[role.rawValue] = .object(
                counts(own).merging(["unseen_animals": .number(Double(unseen))]) { $1 })
        }
        return members
    }

    private func trainValues(_ node: ReportNode) throws -> [String: JSONValue] {
        var members = try members(TrainFiles.description, node)
        let history = try readIfPresent(TrainFiles.history, of: node)
        func values(_ epoch: History.Epoch?) -> JSONValue {
            guard let epoch else { return .null }
            return [
                "epoch": .number(Double(epoch.number)), "learning_rate": .number(epoch.learningRate),
                "train_loss": .number(epoch.trainLoss),
                "validation_map": epoch.validationMAP.map(JSONValue.number) ?? .null,
                "images_per_second": .number(epoch.imagesPerSecond), "seconds": .number(epoch.seconds),
            ]
        }
        members["history"] = [
            "epochs": .number(Double(history?.epochs.count ?? 0)), "first": values(history?.epochs.first),
            "last": values(history?.epochs.last), "best": values(history?.best),
            "images_per_second": history?.imagesPerSecond.map(JSONValue.number) ?? .null,
        ]
        return members
    }

    private func evaluateValues(_ node: ReportNode) throws -> [String: JSONValue] {
        let evaluation = try read(EvaluateFiles.evaluation, of: node)
        var members = try members(EvaluateFiles.evaluation, node)
        let rows = try read(EvaluateFiles.queries, of: node)
        func count(_ condition: (QueryRow) -> Bool) -> JSONValue { .number(Double(rows.count(where: condition))) }
        members["counts"] = [
            "queries": .number(Double(rows.count)),
            "animals": .number(Double(Set(rows.map(\.whaleID)).subtracting([""]).count)),
            "answerable": count { $0.relevant > 0 }, "unanswerable": count { $0.relevant == 0 },
            "hit": count { $0.firstHitRank != nil }, "hit_first": count { $0.firstHitRank == 1 },
            "missed": count { $0.relevant > 0 && $0.firstHitRank == nil },
            "perfect": count { $0.relevant > 0 && $0.averagePrecision >= 1 },
        ]
        func difference(_ after: Summary?, _ before: Summary?) -> JSONValue {
            guard let after, let before else { return .null }
            return .number(after.map - before.map)
        }
        // If nothing was trained, a document can still say so with `or`.
        if evaluation.training == nil { members["training"] = ["finding": .null] }
        members["headline"] = .string(Headline(evaluation).text)
        members["gains"] = [
            "training": difference(evaluation.pooled.summary, evaluation.untrained?.summary),
            "expansion": difference(evaluation.expanded.after, evaluation.expanded.before),
        ]
        return members
    }
}
