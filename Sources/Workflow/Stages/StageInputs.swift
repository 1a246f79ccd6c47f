import Basics
import Catalog
import Configuration
import Foundation
import Results

/// The inputs of a stage other than options: each property declares one file of upstream results, or one part of the
/// data.
protocol StageInputs: Sendable {
    /// Declares everything; nothing is read yet.
    init(_ declare: inout DeclaredInputs)
}

/// A part of the data that a stage reads.
enum DataPart: String, Sendable {
    /// `metadata.csv`, or its equivalent in another layout.
    case metadata
    /// The scenario files that ship with the data.
    case scenarios
    /// The photographs' files.
    case photographs
    /// The members' weights files.
    case weights
}

/// Collects the inputs that a stage declares, and binds them to existing results.
struct DeclaredInputs {
    private let configuration: Configuration?
    private let weights: Weights?
    private let upstream: [(node: Node, folder: URL)]
    private(set) var files: [StageName: [String]] = [:]
    private(set) var data: Set<DataPart> = []

    /// Binds declarations to the results `upstream`.
    ///
    /// Without a configuration, the declarations are those of a typical one. The members' weights are nil if nothing
    /// will be read.
    init(configuration: Configuration?, weights: Weights?, upstream: [(node: Node, folder: URL)]) {
        self.configuration = configuration
        self.weights = weights
        self.upstream = upstream
    }

    /// Declares a file of every upstream result of its stage.
    mutating func callAsFunction<Contents>(_ file: ResultFile<Contents>) -> Input<Contents> {
        files[file.stage, default: []].append(file.name)
        return Input(file: file, results: upstream.filter { $0.node.stage == file.stage })
    }

    private var dataSettings: DataSettings { configuration?.resolvedData ?? DataSettings(folder: "") }

    /// Declares the metadata of the photographs.
    mutating func catalog() -> CatalogInput {
        data.insert(.metadata)
        return CatalogInput(settings: dataSettings)
    }

    /// Declares the photographs' files and metadata.
    mutating func photographs() -> CatalogInput {
        data.insert(.photographs)
        return catalog()
    }

    /// Declares the photographs' metadata, and also their files if the configuration leaves out unreadable ones.
    mutating func photographsWhereBrokenAreSkipped() -> CatalogInput {
        configuration?.skipsBroken == true ? photographs() : catalog()
    }

    /// Declares the scenario files that ship with the data.
    mutating func shippedScenarios() -> ShippedScenarios {
        data.insert(.scenarios)
        return ShippedScenarios(settings: dataSettings)
    }

    /// Declares the initial weights of the node's member.
    mutating func memberWeights() -> MemberWeightsInput {
        data.insert(.weights)
        return MemberWeightsInput(members: configuration?.train.members ?? [], weights: weights)
    }
}

/// One file of the results of one upstream stage.
struct Input<Contents>: Sendable {
    private let file: ResultFile<Contents>
    private let results: [(node: Node, folder: URL)]

    fileprivate init(file: ResultFile<Contents>, results: [(node: Node, folder: URL)]) {
        self.file = file
        self.results = results
    }

    /// The nodes that made it, in the order of members, seeds and folds.
    var nodes: [Node] { results.map(\.node) }
    /// The files, each with the node that made it.
    var places: [(node: Node, url: URL)] { results.map { ($0.node, file.url(in: $0.folder)) } }
    /// Whether there is a result, and every result has the file.
    var isPresent: Bool { !results.isEmpty && results.allSatisfy { file.exists(in: $0.folder) } }

    /// The first node's file.
    ///
    /// - Throws: ``WorkflowError/missingInput(file:)`` if no node made one.
    func place() throws -> URL {
        guard let first = results.first else {
            throw WorkflowError.missingInput(file: "\(file.stage.rawValue)/\(file.name)")
        }
        return file.url(in: first.folder)
    }

    /// The contents of the first node's file.
    ///
    /// - Throws: ``WorkflowError/missingInput(file:)``, ``FileError``.
    func first() throws -> Contents {
        _ = try place()
        return try file.read(in: results[0].folder)
    }

    /// The contents of every node's file.
    ///
    /// - Throws: ``FileError``.
    func all() throws -> [Contents] { try results.map { try file.read(in: $0.folder) } }
}

/// The metadata of the photographs.
struct CatalogInput: Sendable {
    /// The folder, by its absolute path, for jobs of the worker.
    let settings: DataSettings

    /// Reads the catalogue.
    ///
    /// - Throws: As ``DataSettings/catalog()``.
    func catalog() throws -> Catalog { try settings.catalog() }
}

/// The scenario files that ship with the data.
struct ShippedScenarios: Sendable {
    fileprivate let settings: DataSettings

    /// Reads the scenarios; nil if there are none.
    ///
    /// - Throws: ``ScenarioError``, ``FileError``.
    func scenarios(in catalog: Catalog) throws -> [Scenario]? {
        ScenarioFiles.exist(in: catalog.directory) ? try ScenarioFiles.read(catalog) : nil
    }
}

/// The initial weights of each member.
struct MemberWeightsInput: Sendable {
    fileprivate let members: [MemberSettings]
    fileprivate let weights: Weights?

    /// A member with its weights files as absolute paths and its backbone's tag.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for missing weights and for an unknown member.
    func resolved(_ member: MemberSettings, for node: Node) throws -> MemberSettings {
        guard let weights, let own = members.first(where: { $0.name == member.name }) else {
            throw WorkflowError.notRun(node: node.name, reason: "the configuration has no such member")
        }
        var member = member
        member.backbone = try Weights.backbone(of: own)
        member.weights = try own.weights.map { text in
            switch try weights.place(of: text) {
            case .nowhere: return text
            case .file(let url): return url.path
            case .absent(let reference):
                throw WorkflowError.notRun(node: node.name, reason: "the weights \(reference) are not downloaded")
            }
        }
        return member
    }

    /// The licence of a member's weights, as a hub's identifier; nil if nothing states one.
    func licence(of member: MemberSettings) throws -> String? {
        guard let weights, let own = members.first(where: { $0.name == member.name }) else { return nil }
        return try weights.licence(of: own)
    }
}
