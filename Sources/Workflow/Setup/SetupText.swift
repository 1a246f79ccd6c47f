import Basics
import Catalog
import Configuration

/// The commented text of a configuration that `init` writes.
struct SetupText {
    private let survey: FolderSurvey
    private let plan: SetupPlan
    private let folder: String
    private let backbone: String
    private let weights: String

    init(_ survey: FolderSurvey, _ plan: SetupPlan, folder: String, backbone: String, weights: String) {
        self.survey = survey
        self.plan = plan
        self.folder = folder
        self.backbone = backbone
        self.weights = weights
    }

    var text: String {
        let sections = [
            """
            # Written by 'whalebook init'. Whatever is left out has its standard value.
            # Next: whalebook report, then whalebook identify PHOTO...
            """, data, split, scenarios, training,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var data: String {
        let place = "data:\n  folder: \(quoted(folder))\n  layout: \(survey.folder.layout.rawValue)"
        guard survey.folder.layout == .folders else { return place }
        let patterns = survey.patterns.map { "    - \($0.pattern.yaml)  # \($0.count) files" }
        let list =
            patterns.isEmpty
            ? "  # Nothing in the names was understood. A pattern tells what they mean, such as\n"
                + "  # patterns: [{path: \"*_left*\", viewpoint: left}, {path: \"*/{date}/*\"}, {path: \"*/{encounter}_*\"}]\n"
                + "  patterns: auto"
            : "  # What folder and file names mean; correct, add or remove.\n  patterns:\n"
                + patterns.joined(separator: "\n")
        return "\(place)\n\(list)"
    }

    private var split: String {
        let settings = plan.split
        let why =
            switch plan.grouping {
            case .byEncounter:
                "# Photographs of one encounter stay together, so that the score is not flattered by near-copies."
            case .tooFewEncounters:
                "# Too few encounters to keep them whole: near-copies may stand on both sides, and the score is flattering."
            case .noEncounters:
                "# Encounters are not known: near-copies may stand on both sides, and the score is flattering."
            }
        let unknown = settings.unknown == .refuse ? "" : ", unknown: \(settings.unknown.rawValue)"
        return """
            \(why)
            split: {kind: \(settings.kind.rawValue), folds: \(settings.folds), fold: 0, \
            unseen: \(NumberText.shortest(settings.unseen))\(unknown)}
            """
    }

    private var scenarios: String {
        guard plan.needsRule else { return "" }
        return """
            # Any test photograph against all others.
            scenarios:
              - name: \(SetupPlan.rule.name)
            """
    }

    private var training: String {
        let member = """
                - {name: \(name), backbone: \(backbone), weights: \(quoted(weights)), \
            image-size: \(ProjectSetup.imageSize), fit: \(plan.fit.rawValue)}
            """
        guard plan.trains else {
            return """
                # Nothing is trained: the published network's features are compared as they are. Take 'kind' out to train.
                train:
                  kind: none
                  members:
                \(member)
                """
        }
        return """
            # 'whalebook run -n' says how long this takes here. Without training: kind: none.
            train:
              members:
            \(member)
              schedule: {epochs: 14, warmup-epochs: 1}
              optimizer: {learning-rate: 2e-3, backbone-learning-rate: 5e-4}
              # No mirror images: a mirrored flank is not that animal's flank.
              augment: {flip: off, crop: 0.7, scale: 0.2}
            """
    }

    /// The member's name: the backbone's last word.
    private var name: String { backbone.split(separator: "_").last.map(String.init) ?? backbone }

    private func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "/._-:".unicodeScalars.contains(scalar)
        }
        if isPlain, !text.hasSuffix(":"), !text.hasPrefix("-"), !text.isEmpty { return text }
        // What JSON quotes YAML reads.
        return JSONValue.string(text).canonicalText.visibleJSON
    }
}
