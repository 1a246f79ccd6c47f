import Basics
import Evaluation

/// `sweep.finding`: whether the configured query extension is the best on validation.
struct SweepValues: Codable {
    /// Nil if nothing was swept.
    @OrNull private(set) var finding: String?

    init(_ sweep: ExpansionSweep, _ configuration: JSONValue) {
        guard let best = sweep.best, let baseline = sweep.baseline else { return }
        let queries = NumberText.counted(sweep.queries, "validation query", "validation queries")
        let isEnsemble = (configuration[path: "train.members"]?.array?.count ?? 1) > 1
        let place = "On \(queries), ranked by the \(isEnsemble ? "networks" : "network") alone"
        let steps = configuration["expand"]?.array ?? []
        let used = steps.isEmpty ? baseline : steps.count == 1 ? Self.row(steps[0], in: sweep) : nil
        guard let used else {
            finding =
                "\(place), the extension used here was not tried; \(Self.words(best)) is the best of those tried "
                + "(\(Self.score(best)), \(Self.score(baseline)) without)."
            return
        }
        if used.map >= best.map {
            let others = used == baseline ? "" : ", against \(Self.score(baseline)) without"
            finding =
                "\(place), the setting used (\(Self.words(used))) is the best of \(sweep.rows.count): "
                + "mAP@\(AveragePrecision.limit) \(Self.score(used))\(others)."
        } else {
            let others =
                if best == baseline {
                    "\(Self.score(baseline)) without extension, the best of \(sweep.rows.count)"
                } else {
                    (used == baseline ? "" : "\(Self.score(baseline)) without extension and ")
                        + "\(Self.score(best)) with the best of \(sweep.rows.count) (\(Self.words(best)))"
                }
            finding =
                "\(place), mAP@\(AveragePrecision.limit) is \(Self.score(used)) with the setting used "
                + "(\(Self.words(used)))\(used == baseline ? " and" : ",") \(others). The differences were not tested on validation."
        }
    }

    /// The choice that a step of the configuration makes; nil if it was not tried.
    private static func row(_ step: JSONValue, in sweep: ExpansionSweep) -> ExpansionSweep.Row? {
        guard step["kind"]?.string == "alpha-qe" else { return nil }
        return sweep.rows.first {
            Double($0.neighbours) == step["neighbours"]?.double && $0.alpha == step["alpha"]?.double
        }
    }

    private static func words(_ row: ExpansionSweep.Row) -> String {
        row.neighbours == 0
            ? "no extension"
            : "\(NumberText.counted(row.neighbours, "neighbour", "neighbours")) with alpha \(NumberText.shortest(row.alpha))"
    }

    private static func score(_ row: ExpansionSweep.Row) -> String { NumberText.fixed(row.map, 3) }
}
