import Basics
import Catalog
import Reports
import Results

extension Ledger {
    /// The last two runs whose configurations differ only in the section `split`: first one that divides encounters,
    /// then one that keeps them whole; empty if there are none.
    ///
    /// Variants count, because `--set split.kind=image` is the way to try another split.
    func splitComparisons(_ store: Store) throws -> [SplitComparison] {
        let runs = entries.filter { $0.outcome == .finished && $0.map != nil }
        let alike = Dictionary(grouping: runs) { $0.configurationBesideSplit.canonicalText }
        let pairs = alike.values.compactMap { runs -> (RunEntry, RunEntry)? in
            guard let torn = runs.last(where: { $0.splitKind?.tearsEncounters == true }),
                let whole = runs.last(where: { $0.splitKind?.tearsEncounters == false })
            else { return nil }
            return (torn, whole)
        }
        guard let last = pairs.max(by: { max($0.0.number, $0.1.number) < max($1.0.number, $1.1.number) }) else {
            return []
        }
        return try [last.0, last.1].compactMap { run in
            guard let map = run.map, let kind = run.splitKind else { return nil }
            return SplitComparison(
                kind: kind.rawValue, run: run.name, map: map, queries: run.metrics.queries,
                training: try run.results(in: store).filter { $0.stage == .train })
        }
    }
}

extension RunEntry {
    fileprivate var splitKind: SplitSettings.Kind? {
        configuration[path: "split.kind"]?.string.flatMap(SplitSettings.Kind.init)
    }

    fileprivate var configurationBesideSplit: JSONValue {
        .object((configuration.object ?? [:]).filter { $0.key != "split" })
    }
}
