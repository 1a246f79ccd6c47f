import Basics
import Results

/// The nodes of the stages that may be read.
struct Nodes {
    private let all: [ReportNode]

    init(_ all: [ReportNode]) { self.all = all }

    /// The stages with at least one result.
    var presentStages: [StageName] { StageName.allCases.filter { stage in all.contains { $0.stage == stage } } }

    /// All nodes of a stage that a selection means.
    ///
    /// - Throws: ``ValueError`` where there is none, naming the command that makes it.
    func nodes(_ stage: StageName, _ selection: ValuePath.Selection = .init()) throws(ValueError) -> [ReportNode] {
        let ofStage = all.filter { $0.stage == stage }
        guard !ofStage.isEmpty else {
            throw ValueError(
                "there is no result of \(quoted: stage.rawValue)", "Run 'whalebook run \(stage.rawValue)', then render again."
            )
        }
        let chosen = ofStage.filter(selection.matches)
        guard !chosen.isEmpty else {
            throw ValueError(
                "no result of \(quoted: stage.rawValue) is that of \(selection.text)",
                "There are: \(ofStage.map(\.name).listed(by: "; ")).")
        }
        return chosen
    }

    /// How to write the choice of one node among several.
    static func remedy(_ nodes: [ReportNode]) -> String {
        let choices = nodes.prefix(6).map { node -> String in
            let whole = ValuePath.Selection(member: node.member, seed: node.seed, fold: node.fold)
            return node.stage.rawValue + whole.distinguishing(among: nodes)
        }
        return "Choose one: \(choices.listed())."
    }
}

extension ValuePath.Selection {
    /// The selection's text with only those parts in which the nodes differ.
    fileprivate func distinguishing(among nodes: [ReportNode]) -> String {
        Self(
            member: Set(nodes.map(\.member)).count > 1 ? member : nil,
            seed: Set(nodes.map(\.seed)).count > 1 ? seed : nil,
            fold: Set(nodes.map(\.fold)).count > 1 ? fold : nil
        ).text
    }
}
