import Basics
import Catalog
import Evaluation
import Results

/// What decides whether two animals that are mistaken for each other are two animals, and what to look at.
struct PairEvidence {
    private let catalog: Catalog
    private let queries: [QueryRow]
    /// The views of each animal in each scenario's database.
    private let held: [String: [String: Set<Viewpoint>]]
    /// The agreeing marks of some pairs of photographs; empty if marks were not matched.
    private let compared: [[String]: MarkAgreement]
    private let counts: AgreementCounts?
    private let links: Links

    /// Reads the files that the run has.
    init(_ context: CellContext, _ catalog: Catalog, _ queries: [QueryRow]) throws {
        links = context.links
        self.catalog = catalog
        self.queries = queries
        let artefacts = context.artefacts
        let set = try context.nodeIfPresent(.split).flatMap {
            try artefacts.readIfPresent(SplitFiles.scenarios, of: $0)
        }
        held = Dictionary((set?.scenarios ?? []).map { ($0.id, $0.database) }) { first, _ in first }.mapValues { ids in
            Dictionary(grouping: ids.compactMap { catalog[$0] }) { $0.whaleID ?? "" }
                .mapValues { Set($0.map(\.viewpoint)) }
        }
        let rows = try context.nodeIfPresent(.explain).flatMap {
            try artefacts.readIfPresent(ExplainFiles.compared, of: $0)
        }
        compared = Dictionary(grouping: rows ?? []) { [$0.queryImageID, $0.imageID] }
            .mapValues { MarkAgreement($0.map(\.match)) }
        counts = AgreementCounts(try FirstMatches.read(context))
    }

    /// What numbers of agreeing marks usually mean, in a sentence; nil if marks were not matched.
    func scale(of pairs: some Sequence<ConfusedPair>) -> String? {
        counts.map { counts in
            let isReached = pairs.contains { (mostAlike($0)?.agreeing ?? 0) >= counts.medianOfCorrect }
            return
                "\(counts.medianOfCorrect) agreeing marks or more, as in a usual correct first match, suggest one animal. Fewer "
                + "leave it open: wrong first matches have up to \(counts.mostOfWrong)."
                + (isReached ? "" : " No pair here has as many.")
        }
    }

    /// What the pair probably is, the evidence, what to compare unless the photographs are drawn, and places for a tick;
    /// Markdown.
    func line(_ pair: ConfusedPair, isDrawn: Bool) -> String {
        let names: AnimalText = "\(animal: pair.whaleID) and \(animal: pair.otherWhaleID)"
        let alike = mostAlike(pair)
        let searched = searched(pair)
        let sentences = [
            lead(pair, alike, searched: searched), isDrawn && alike != nil ? nil : comparison(pair, alike),
            searches(pair, searched), days(pair),
        ].compactMap(\.self)
        let evidence = sentences.isEmpty ? "" : ": " + sentences.joined(separator: " ")
        return "**\(names.markdown)**\(pair.isLookAlike ? ", look-alikes" : "")\(evidence) "
            + "☐ two animals ☐ one animal ☐ open"
    }

    /// The two photographs to compare, and their marks: those of one view that agree in the most marks, else a query with
    /// its wrong first match.
    func photographs(of pair: ConfusedPair) -> (ids: [String], agreement: MarkAgreement) {
        let ids = mostAlike(pair)?.ids ?? [pair.there.queryImageID, pair.there.answerImageID]
        return (ids, compared[ids] ?? MarkAgreement([]))
    }

    /// What the marks say, else what the queries say; nil if both leave the pair open.
    private func lead(_ pair: ConfusedPair, _ alike: Alike?, searched: Int) -> String? {
        if let alike, let counts {
            let marks = NumberText.counted(alike.agreeing, "mark agrees", "marks agree")
            return (alike.agreeing >= counts.medianOfCorrect ? "perhaps one animal, since " : "") + "\(marks)."
        }
        return pair.sameView == 0 && searched > 0 ? "probably two animals." : nil
    }

    /// The queries that could return either animal in their own view.
    private func searched(_ pair: ConfusedPair) -> Int {
        let names = [pair.whaleID, pair.otherWhaleID]
        return queries.count { query in
            guard names.contains(query.whaleID), query.relevant > 0, let view = catalog[query.imageID]?.viewpoint,
                view != .unknown, let database = held[query.scenario]
            else { return false }
            return names.allSatisfy { database[$0]?.contains(view) == true }
        }
    }

    /// How these queries ended; nil if there are none.
    private func searches(_ pair: ConfusedPair, _ searched: Int) -> String? {
        guard searched > 0 else { return nil }
        let found = pair.sameView == 0 ? "None" : String(min(pair.sameView, searched))
        return "\(found) of \(NumberText.counted(searched, "search", "searches")) in one view took one for the other."
    }

    /// Two photographs, and how many of their marks agree.
    private typealias Alike = (ids: [String], agreeing: Int)

    /// The photographs of one view whose marks agree most.
    private func mostAlike(_ pair: ConfusedPair) -> Alike? {
        let names: Set = [pair.whaleID, pair.otherWhaleID]
        return compared.compactMap { ids, agreement -> Alike? in
            let photographs = ids.compactMap { catalog[$0] }
            guard Set(photographs.compactMap(\.whaleID)) == names, Set(photographs.map(\.viewpoint)).count == 1 else {
                return nil
            }
            return (ids, agreement.agreeing.count)
        }.max { ($0.agreeing, $1.ids.joined()) < ($1.agreeing, $0.ids.joined()) }
    }

    /// A warning if the example photographs were taken on one day.
    private func days(_ pair: ConfusedPair) -> String? {
        let isOneDay = [pair.there, pair.back].contains { direction in
            let (query, answer) = (catalog[direction.queryImageID], catalog[direction.answerImageID])
            let isOneEncounter = query?.encounterID.map { $0 == answer?.encounterID } ?? false
            return isOneEncounter || query?.date.map { $0 == answer?.date } ?? false
        }
        return isOneDay ? "Some of their photographs are of one day, so light and water may explain it." : nil
    }

    /// What to compare by eye, in Markdown: the photographs whose marks agree most, else the views in common.
    private func comparison(_ pair: ConfusedPair, _ alike: Alike?) -> String {
        if let alike {
            let photographs = alike.ids.map { catalog.photographCell($0, links).markdown }.joined(separator: " with ")
            let view = catalog[alike.ids[0]]?.viewpoint.rawValue ?? "same"
            return "Compare the \(view) views \(photographs), which agree in the most marks (\(alike.agreeing))."
        }
        func views(_ animal: String) -> Set<Viewpoint> {
            Set(catalog.photographs.filter { $0.whaleID == animal }.map(\.viewpoint)).subtracting([.unknown])
        }
        let common = Viewpoint.inOrder(views(pair.whaleID).intersection(views(pair.otherWhaleID)))
        return common.isEmpty
            ? "They have no view in common: photograph one first."
            : "Compare their \(common.map(\.rawValue).joined(separator: " and ")) views."
    }
}
