import Basics

/// The stages of the workflow, in a possible order of running.
public enum StageName: String, Sendable, Codable, CaseIterable, Comparable, CodingKeyRepresentable {
    case split, measure, keypoints, train, embed, bridge, background, search, match, fuse, expand, evaluate, sweep
    case explain, reduce

    private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// By the order in which stages can run.
    public static func < (first: StageName, second: StageName) -> Bool { first.position < second.position }

    /// The stage with a name.
    ///
    /// - Throws: ``UnknownStage``, which suggests the nearest name.
    public init(named name: String) throws(UnknownStage) {
        guard let stage = StageName(rawValue: name) else { throw UnknownStage(name: name) }
        self = stage
    }
}

/// The error that no stage has a name.
public struct UnknownStage: Error, Equatable, CustomStringConvertible {
    /// The given name.
    public let name: String

    public var description: String {
        let known = StageName.allCases.map(\.rawValue)
        let remedy =
            Spelling.nearest(to: name, among: known).map { "Did you mean \(quoted: $0)?" }
            ?? "Stages are: \(known.joined(separator: ", "))."
        return "There is no stage \(quoted: name). \(remedy)"
    }
}

/// One piece of work: a stage for one member of the ensemble, one seed and one fold; nil if the node joins several.
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

    /// A name for messages and files, such as `train lite0 seed 1 fold 0`.
    public var name: String {
        var parts = [stage.rawValue]
        if let member { parts.append(member) }
        if let seed { parts.append("seed \(seed)") }
        if let fold { parts.append("fold \(fold)") }
        return parts.joined(separator: " ")
    }
}
