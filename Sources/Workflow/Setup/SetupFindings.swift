import Basics
import Catalog
import Configuration

/// The findings of `init` in a folder and its decisions, one line each.
struct SetupFindings {
    private let survey: FolderSurvey
    private let plan: SetupPlan
    private let wantsTraining: Bool

    init(_ survey: FolderSurvey, _ plan: SetupPlan, wantsTraining: Bool) {
        self.survey = survey
        self.plan = plan
        self.wantsTraining = wantsTraining
    }

    var lines: [String] {
        [overview] + nobody + patterns + views + dates + encounters + boxes
            + survey.notes.map { line("note", $0) } + survey.warnings.map { line("warning", $0) }
            + [split, scenarios, training]
    }

    private func line(_ subject: String, _ text: String) -> String { subject.padding(to: 12) + text }

    private var overview: String {
        let layout = survey.folder.layout == .folders ? "a folder for each animal" : survey.folder.layout.rawValue
        return line(
            "folder",
            """
            \(NumberText.counted(survey.photographs.count, "photograph", "photographs")) of \
            \(NumberText.counted(survey.catalog.whales.count, "animal", "animals")), layout: \(layout)
            """)
    }

    private var nobody: [String] { survey.nobody.map { [line("nobody", $0)] } ?? [] }

    private var patterns: [String] {
        survey.patterns.map { match in
            let examples = match.examples.joined(separator: ", ")
            return line(
                "names", "`\(match.pattern.path)` means \(match.pattern.meaning): \(match.count) files (\(examples))")
        }
    }

    private var views: [String] {
        let known = survey.views.filter { $0.view != .unknown }
        guard !known.isEmpty else {
            return [line("views", "unknown: left flanks are also compared with right ones, which lowers the score")]
        }
        let counts = survey.views.map { "\($0.count) \($0.view)" }.joined(separator: ", ")
        let missing = survey.withoutView > 0 ? "; photographs of unknown view are in no scenario by view" : ""
        return [line("views", counts + missing)]
    }

    private var dates: [String] {
        let (count, all) = (survey.withDay, survey.photographs.count)
        if count == all { return [line("dates", "every photograph has a date")] }
        return [
            line(
                "dates",
                count == 0
                    ? "none in names or EXIF: years cannot be compared"
                    : "\(count) of \(all) photographs have a date")
        ]
    }

    private var encounters: [String] {
        let (count, all) = (survey.withEncounter, survey.named)
        let known =
            switch plan.grouping {
            case .byEncounter: "known: a query and its matches never share one"
            case .tooFewEncounters: "known, but too few animals have two"
            case .given where count == all: "known"
            case .noEncounters, .given: count == 0 ? "unknown" : "known for only \(count) of \(all) photographs"
            }
        let flattering =
            [.byEncounter, .given].contains(plan.grouping)
            ? "" : ": the split is by photograph, so the score will be too high"
        return [line("encounters", known + flattering)]
    }

    private var boxes: [String] {
        guard survey.withBox > 0 else { return [] }
        let file = survey.folder.boxFile.map { " in \($0)" } ?? ""
        return [line("boxes", "\(survey.withBox) photographs are cropped to the animal's box\(file)")]
    }

    private var split: String {
        let left = survey.photographs.count - survey.named
        let unnamed =
            left == 0 ? "" : "; \(NumberText.counted(left, "photograph", "photographs")) without a name left out"
        let parts = survey.parts.map { "\($0.name) \($0.count)" }.listed()
        switch plan.split.kind {
        case .column: return line("split", "as the metadata or folders say: \(parts)\(unnamed)")
        default:
            let kind = plan.split.kind == .image ? "photograph" : plan.split.kind.rawValue
            let ignored =
                parts.isEmpty ? "" : "; the parts \(parts) are not used, because they leave nothing to test on"
            return line("split", "by \(kind)\(ignored)\(unnamed)")
        }
    }

    private var scenarios: String {
        let counts = plan.scenarios.map {
            "\($0.id) (\(NumberText.counted($0.queries.count, "query", "queries")), \($0.database.count) in the database)"
        }
        return line("scenarios", counts.joined(separator: ", "))
    }

    private var training: String {
        let animals = NumberText.counted(survey.comparable, "animal has", "animals have")
        let why =
            wantsTraining
            ? "\(animals) two photographs or more, and training needs \(SetupPlan.fewestAnimals)" : "as requested"
        return line(
            "training",
            plan.trains
                ? "yes: \(animals) two photographs or more"
                : "none, \(why): the published network's features are compared unchanged")
    }
}
