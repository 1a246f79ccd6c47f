import Basics

/// The stages of the workflow, in the order in which they may run.
public enum StageName: String, Sendable, Codable, CaseIterable, Comparable {
    case split, measure, train, embed, bridge, search, expand, evaluate, sweep, explain, reduce

    private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// In the order in which stages may run.
    public static func < (first: StageName, second: StageName) -> Bool { first.position < second.position }

    /// The stage of that name.
    ///
    /// - Throws: ``WorkflowError/unknownStage(_:near:)``.
    public init(named name: String) throws {
        guard let stage = StageName(rawValue: name) else {
            throw WorkflowError.unknownStage(
                name, near: Spelling.nearest(to: name, among: Self.allCases.map(\.rawValue)))
        }
        self = stage
    }
}

/// One piece of work: a stage for one member of the ensemble, one seed and one fold; what joins several has none.
public struct Node: Hashable, Sendable {
    public let stage: StageName
    public let member: String?
    public let seed: Int?
    public let fold: Int?

    /// Creates a node.
    public init(_ stage: StageName, member: String? = nil, seed: Int? = nil, fold: Int? = nil) {
        self.stage = stage
        self.member = member
        self.seed = seed
        self.fold = fold
    }

    /// A name for people and files, such as `train lite0 seed 1 fold 0`.
    public var name: String {
        var parts = [stage.rawValue]
        if let member { parts.append(member) }
        if let seed { parts.append("seed \(seed)") }
        if let fold { parts.append("fold \(fold)") }
        return parts.joined(separator: " ")
    }
}
