import Basics
import Catalog
import Configuration
import Results

/// The options that a stage reads: each property declares one, or a section.
protocol StageOptions: Sendable {
    /// Declares and reads everything.
    init(_ declare: inout OptionDeclaration)
}

/// Collects what a stage declares, and reads it.
struct OptionDeclaration {
    private let configuration: Configuration
    private(set) var paths: [String] = []

    init(configuration: Configuration) { self.configuration = configuration }

    /// Declares an option, or a section, of the configuration.
    mutating func callAsFunction<Value>(_ path: String, _ value: KeyPath<Configuration, Value>) -> Value {
        paths.append(path)
        return configuration[keyPath: value]
    }

    /// Declares an option of the node's member, or of every member where the node has none.
    ///
    /// - Returns: The value of each member, by its name.
    mutating func members<Value>(_ option: String, _ value: KeyPath<MemberSettings, Value>) -> [String: Value] {
        paths.append("train.members.*.\(option)")
        return Dictionary(configuration.train.members.map { ($0.name, $0[keyPath: value]) }) { first, _ in first }
    }

    /// Declares whether members are trained.
    ///
    /// - Returns: The names of those that are.
    mutating func trainedMembers() -> Set<String> {
        let train = callAsFunction("train.kind", \.train)
        _ = members("train", \.train)
        return Set(train.members.filter(train.trains).map(\.name))
    }

    /// Declares what shapes the network of the node's member: backbone, input, pooling and neck.
    ///
    /// - Returns: Each member, by its name, with these options alone.
    mutating func networks() -> [String: MemberSettings] {
        var networks: [String: MemberSettings] = [:]
        for name in ["backbone", "image-size", "fit", "pooling", "neck"] { _ = members(name, \.name) }
        for member in configuration.train.members {
            var network = member
            (network.weights, network.weight, network.stochasticDepth) = (.none, 1, 0)
            (network.train, network.folds) = (nil, nil)
            networks[member.name] = network
        }
        return networks
    }

    /// Declares some options of the section `train`.
    ///
    /// - Returns: The section, without its members.
    mutating func training(_ options: [String]) -> TrainSettings {
        paths += options.map { "train.\($0)" }
        var settings = configuration.train
        (settings.kind, settings.members) = (.metricLearning, [])
        return settings
    }
}

extension [String: MemberSettings] {
    /// The member of a node.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for a node without a member of the configuration.
    func own(_ node: Node) throws -> MemberSettings {
        guard let member = node.member.flatMap({ self[$0] }) else {
            throw WorkflowError.notRun(node: node.name, reason: "the configuration has no such member")
        }
        return member
    }
}
