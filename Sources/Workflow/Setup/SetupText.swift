import Basics
import Catalog
import Configuration

/// The commented text of a configuration that `init` writes.
struct SetupText {
    private let survey: FolderSurvey
    private let plan: SetupPlan
    private let folder: String
    private let backbone: String
    /// Nil for a published model, which has its own weights and form of the input.
    private let weights: String?

    init(_ survey: FolderSurvey, _ plan: SetupPlan, folder: String, backbone: String, weights: String?) {
        self.survey = survey
        self.plan = plan
        self.folder = folder
        self.backbone = backbone
        self.weights = weights
    }

    var text: String {
        let sections = [
            """
            # Written by 'whalebook init'. Options that are left out have their defaults.
            # Next: whalebook report, then whalebook identify PHOTO...
            """, data, split, scenarios, training, matching,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var data: String {
        let (links, salvage) = (survey.folder.links, survey.folder.salvage)
        let place =
            "data:\n  folder: \(quoted(folder))\n  layout: \(survey.folder.layout.rawValue)"
            + (links.isEmpty ? "" : "\n  links: [\(links.map(quoted).joined(separator: ", "))]")
            + (salvage == .off ? "" : "\n  salvage: \(salvage.rawValue)")
        guard survey.folder.layout == .folders else { return place }
        let patterns = survey.patterns.map { "    - \($0.pattern.yaml)  # \($0.count) files" }
        let list =
            patterns.isEmpty
            ? "  # No pattern matched the names. Patterns say what names mean, such as\n"
                + "  # patterns: [{path: \"*_left*\", viewpoint: left}, {path: \"*/{date}/*\"}, {path: \"*/{encounter}_*\"}]\n"
                + "  patterns: auto"
            : "  # The meaning of folder and file names; correct, add or remove patterns.\n  patterns:\n"
                + patterns.joined(separator: "\n")
        return "\(place)\n\(list)"
    }

    private var split: String {
        let settings = plan.split
        let why =
            switch plan.grouping {
            case .byEncounter:
                "# Photographs of one encounter stay together: near-duplicates on both sides would raise the score."
            case .tooFewEncounters:
                "# Too few encounters to keep them whole: near-duplicates on both sides may raise the score."
            case .noEncounters:
                "# Encounters are unknown: near-duplicates on both sides may raise the score."
            case .given: "# The metadata or folders say which photographs train and which are for the test."
            }
        let unknown = settings.unknown == .refuse ? "" : ", unknown: \(settings.unknown.rawValue)"
        let unseen = settings.kind == .column ? "" : ", unseen: \(NumberText.shortest(settings.unseen))"
        return """
            \(why)
            split: {kind: \(settings.kind.rawValue), folds: \(settings.folds), fold: 0\(unseen)\(unknown)}
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
        let input =
            weights.map {
                ", weights: \(quoted($0)), image-size: \(ProjectSetup.imageSize), fit: \(plan.fit.rawValue)"
            } ?? ""
        let member = "    - {name: \(quoted(name)), backbone: \(quoted(backbone))\(input)}"
        guard plan.trains else {
            return """
                # No training: the published network's features are compared unchanged. Remove 'kind' to train.
                train:
                  kind: none
                  members:
                \(member)
                """
        }
        return """
            # 'whalebook run -n' estimates how long this takes here. To skip training, write kind: none.
            train:
              members:
            \(member)
              schedule: {epochs: 14, warmup-epochs: 1}
              optimizer: {learning-rate: 2e-3, backbone-learning-rate: 5e-4}
              # No mirror images: a mirrored flank is not that animal's flank.
              augment: {flip: off, crop: 0.7, scale: 0.2}
            """
    }

    private var matching: String {
        let pairs = plan.scenarios.reduce(0) { $0 + $1.queries.count * $1.database.count }
        let isLarge = pairs > SetupPlan.mostPairs
        let middle = survey.withBox == survey.photographs.count ? "" : ", middle: 0.6"
        let about =
            middle.isEmpty
            ? "# Marks such as spots and scars are matched too."
            : "# Marks such as spots and scars are matched too, in the middle 60% of each photograph. If animals fill the\n"
                + "# photographs, write middle: 1."
        let limit =
            isLarge
            ? "\n# Only with the \(SetupPlan.shortlist) most similar photographs of each query: \(NumberText.thousands(Double(pairs))) "
                + "pairs would take long." : ""
        return """
            \(about)\(limit)
            match: {kind: sift\(middle)\(isLarge ? ", shortlist: \(SetupPlan.shortlist)" : "")}
            """
    }

    /// The member's name: the last part of the backbone's name, without a revision.
    private var name: String {
        let plain = backbone.split(separator: "@").first ?? ""
        return plain.split(whereSeparator: { "_/".contains($0) }).last.map(String.init) ?? backbone
    }

    private func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "/._-:".unicodeScalars.contains(scalar)
        }
        if isPlain, !text.hasSuffix(":"), !text.hasPrefix("-"), !text.isEmpty { return text }
        // YAML can read a JSON string. Its short escapes are written as numbers: in a configuration they count as a
        // mistake, such as `\nu` in double quotes.
        return JSONValue.string(text).canonicalText.visibleJSON.replacing(#/\\[\\nrt]/#) { match in
            switch match.output {
            case #"\n"#: #"\u000A"#
            case #"\r"#: #"\u000D"#
            case #"\t"#: #"\u0009"#
            default: String(match.output)
            }
        }
    }
}
