import Basics
import Results

struct CompareCurves: CellKind {
    static let name = "compare-curves"
    static let summary = """
        Loss after each epoch and validation mAP at those epochs that measured it, before and after a retrain, of the \
        first training of each member, with a ring at the epoch whose weights are used, and whether validation still rose.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(before: [], after: []))
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let (old, new) = (
            try ComparedTraining.first(of: runs.runs.old, context.artefacts),
            try ComparedTraining.first(of: runs.runs.new, context.artefacts)
        )
        content.values = Self.values(before: old, after: new)
        content.notes = [(old, runs.oldName, runs.runs.old), (new, runs.newName, runs.runs.new)].compactMap {
            $0.0.isEmpty ? Self.absence(of: $0.2, $0.1) : nil
        }
        let overlaid = Overlay.overlays(old, new)
        for overlay in overlaid {
            let charts = overlay.charts(runs)
            // Both tables list the epochs that were validated.
            let places = charts.last?.places(about: Self.longestTable) ?? []
            content.parts += charts.map {
                let title = overlaid.count > 1 ? "\(overlay.title): \($0.vertical)" : $0.vertical
                return .figure($0.figure(for: context.cell, title: title, height: 2.75, places: places))
            }
        }
        let courses = [(old, runs.oldName), (new, runs.newName)].flatMap { trainings, name in
            trainings.map { training in
                (
                    run: (trainings.count > 1 ? "\(name), \(training.member)" : name).capitalisingFirst,
                    course: TrainingCourse(training.epochs)
                )
            }
        }
        content.values["finding"] = .string(
            courses.compactMap { run, course in course.finding.map { "\(run): \($0)" } }.joined(separator: " "))
        guard !old.isEmpty, !new.isEmpty else { return content }
        if (old + new).contains(where: { $0.trainings > 1 }) {
            content.notes.append("Of several seeds or folds, each line is the first: \(Self.first(old, new)).")
        }
        if Self.lossDiffers(runs.runs) {
            content.notes.append(
                "The loss or the head was configured differently, so the values of the loss cannot be compared.")
        }
        return content
    }

    /// About as many epochs a folded table may have.
    private static let longestTable = 100

    /// The number of epochs of the longest training.
    private static func values(before: [ComparedTraining], after: [ComparedTraining]) -> [String: JSONValue] {
        func epochs(_ trainings: [ComparedTraining]) -> JSONValue {
            .number(Double(trainings.map(\.epochs.count).max() ?? 0))
        }
        return ["before": epochs(before), "after": epochs(after), "finding": ""]
    }

    /// Why a run has no curve.
    private static func absence(of run: ReportComparison.Run, _ name: String) -> String {
        if run.nodes.contains(where: { $0.stage == .train }) {
            return "No epoch is recorded for \(name): its model was imported without its history."
        }
        if run.entry?.nodes.contains(where: { $0.stage == .train }) == true {
            return "The training of \(name) is no longer in the store."
        }
        return "Nothing was trained in \(name): its embeddings are a published network's or were imported."
    }

    private static func first(_ old: [ComparedTraining], _ new: [ComparedTraining]) -> String {
        let words = [old, new].map { Array($0.prefix(1)).map(\.words).joined() }
        return words[0] == words[1] ? words[0] : "\(words[0]) before, \(words[1]) after"
    }

    private static func lossDiffers(_ runs: ReportComparison) -> Bool {
        guard let old = runs.old.entry?.configuration, let new = runs.new.entry?.configuration else { return false }
        return ["train.loss", "train.head"].contains { old[path: $0] != new[path: $0] }
    }
}

/// The epochs of the first training of a member.
struct ComparedTraining {
    let member: String
    /// The seed and the fold.
    let words: String
    let epochs: [History.Epoch]
    /// How many trainings of the member the run has.
    let trainings: Int

    /// The members of a run whose first training has epochs.
    static func first(of run: ReportComparison.Run, _ artefacts: Artefacts) throws -> [ComparedTraining] {
        let nodes = run.nodes.filter { $0.stage == .train }
        var members: [String] = []
        for node in nodes where !members.contains(node.member ?? "training") {
            members.append(node.member ?? "training")
        }
        return try members.compactMap { member in
            let own = nodes.filter { ($0.member ?? "training") == member }
            let epochs = try artefacts.epochs(own[0])
            guard !epochs.isEmpty else { return nil }
            let words = [own[0].seed.map { "seed \($0)" }, own[0].fold.map { "fold \($0)" }]
            return ComparedTraining(
                member: member, words: words.compactMap(\.self).joined(separator: ", "), epochs: epochs,
                trainings: own.count)
        }
    }
}

/// The trainings of one member before and after; at least one of them exists.
private struct Overlay {
    let old: ComparedTraining?
    let new: ComparedTraining?

    var title: String { (new ?? old)?.member ?? "" }

    /// Members of the same name; if each run has one other member, those two.
    static func overlays(_ old: [ComparedTraining], _ new: [ComparedTraining]) -> [Overlay] {
        let oldOnly = old.filter { training in !new.contains { $0.member == training.member } }
        let newOnly = new.filter { training in !old.contains { $0.member == training.member } }
        let isReplaced = oldOnly.count == 1 && newOnly.count == 1
        let present = new.map { training in
            Overlay(
                old: old.first { $0.member == training.member }
                    ?? (isReplaced && newOnly[0].member == training.member ? oldOnly[0] : nil), new: training)
        }
        return present + (isReplaced ? [] : oldOnly.map { Overlay(old: $0, new: nil) })
    }

    /// The loss, and the validation if there was one.
    func charts(_ runs: ComparedRuns) -> [Curves] {
        let isRenamed = old != nil && new != nil && old?.member != new?.member
        func name(_ word: String, _ run: String, _ training: ComparedTraining) -> String {
            "\(word) (\(run)\(isRenamed ? ", \(training.member)" : ""))"
        }
        func curves(_ value: (History.Epoch) -> Double?) -> [Curves.Curve] {
            let before = old.map { training in
                Curves.Curve(
                    name: name("before", runs.oldName, training), values: training.epochs.map { value($0) ?? .nan },
                    ringed: TrainingCourse(training.epochs).used, isDashed: true)
            }
            let after = new.map { training in
                Curves.Curve(
                    name: name("after", runs.newName, training), values: training.epochs.map { value($0) ?? .nan },
                    ringed: TrainingCourse(training.epochs).used)
            }
            return [before, after].compactMap(\.self).filter { $0.values.contains(where: \.isFinite) }
        }
        return [
            Curves(horizontal: "Epoch", vertical: "Training loss", curves: curves(\.trainLoss)),
            Curves(horizontal: "Epoch", vertical: "Validation mAP@20", curves: curves(\.validationMAP)),
        ].filter { !$0.curves.isEmpty }
    }
}
