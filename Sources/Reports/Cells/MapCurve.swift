import Basics
import Results

/// `map-curve`: mAP@k over k for every scenario, for all queries with its interval, and for all queries before training.
struct MapCurve: Verb {
    let name = "map-curve"
    let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let all = [
            Curves.Curve(
                name: "all queries", values: evaluation.pooled?.curve ?? [],
                band: evaluation.result.pooled.details.curveIntervals ?? [],
                isEmphasised: true),
            Curves.Curve(
                name: "all, before training", values: evaluation.result.untrained?.summary?.curve ?? [], isDashed: true),
        ]
        let scenarios = evaluation.scenarios.map {
            Curves.Curve(name: $0, values: evaluation.summary(of: $0)?.curve ?? [])
        }
        let curves = Curves(
            horizontal: "k", vertical: "mAP@k", curves: (scenarios + all).filter { !$0.values.isEmpty }, range: 0...1)
        guard curves.count > 0 else {
            throw ValueError("evaluation.json holds no curve", "Run 'whalebook run evaluate' again.")
        }
        let places = [1, 2, 3, 5, 10, 15, 20, 50, 100].filter { $0 < curves.count } + [curves.count]
        return CellContent(
            parts: [.figure(curves.figure(for: context.cell, places: places))],
            values: ["scenarios": .number(Double(scenarios.count)), "k": .number(Double(curves.count))],
            contract: evaluation.contractText)
    }
}
