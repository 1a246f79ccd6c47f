import Basics
import Catalog
import Evaluation
import Foundation

extension Artefacts {
    /// What inline values find below a stage's name: its JSON file with counts of its tables, and `node.…`.
    ///
    /// - Throws: ``FileError``.
    func reportValues(of node: ReportNode) throws -> JSONValue {
        var members: [String: JSONValue] =
            switch node.stage {
            case "split": try splitValues(node)
            case "train": try trainValues(node)
            case "evaluate": try evaluateValues(node)
            default: try stageFile(node)?.object ?? [:]
            }
        members["node"] = [
            "name": .string(node.name), "key": .string(node.key), "digest": .string(node.outputDigest),
            "seconds": node.seconds.map(JSONValue.number) ?? .null,
            "started_at": node.startedAt.map(JSONValue.string) ?? .null,
        ]
        return .object(members)
    }

    private func splitValues(_ node: ReportNode) throws -> [String: JSONValue] {
        let rows = try split(node).rows
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
        var members = try model(node).object ?? [:]
        let epochs = try history(node)
        let rates = epochs.map(\.imagesPerSecond)
        members["history"] = [
            "epochs": .number(Double(epochs.count)), "first": epochs.first?.json ?? .null,
            "last": epochs.last?.json ?? .null, "best": epochs.best?.json ?? .null,
            "images_per_second": rates.isEmpty ? .null : .number(rates.reduce(0, +) / Double(rates.count)),
        ]
        return members
    }

    private func evaluateValues(_ node: ReportNode) throws -> [String: JSONValue] {
        let evaluation = try evaluation(node)
        var members = evaluation.object ?? [:]
        let rows = try queries(node)
        func count(_ condition: (QueryRow) -> Bool) -> JSONValue { .number(Double(rows.count(where: condition))) }
        members["counts"] = [
            "queries": .number(Double(rows.count)),
            "animals": .number(Double(Set(rows.map(\.whaleID)).subtracting([""]).count)),
            "answerable": count { $0.relevant > 0 }, "unanswerable": count { $0.relevant == 0 },
            "hit": count { $0.firstHitRank != nil }, "hit_first": count { $0.firstHitRank == 1 },
            "missed": count { $0.relevant > 0 && $0.firstHitRank == nil },
            "perfect": count { $0.relevant > 0 && $0.averagePrecision >= 1 },
        ]
        func difference(_ after: String, _ before: String) -> JSONValue {
            guard let after = evaluation[path: after]?.double, let before = evaluation[path: before]?.double
            else { return .null }
            return .number(after - before)
        }
        // Where nothing was trained a document still says so by `or`.
        if evaluation["training"]?.object == nil { members["training"] = ["finding": .null] }
        members["headline"] = .string(Headline(evaluation).text)
        members["gains"] = [
            "training": difference("pooled.map", "untrained.map"),
            "expansion": difference("expanded.after.map", "expanded.before.map"),
        ]
        return members
    }
}
