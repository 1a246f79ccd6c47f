import Basics
import Catalog
import Foundation

extension ReportInputs {
    /// The computer that did the most work: the one that trained, else that of the longest stage, else the one that
    /// renders.
    var workingMachine: JSONValue {
        let known = nodes.filter { ($0.machine?.object?.isEmpty ?? true) == false }
        let longest = known.max { ($0.seconds ?? 0, $1.name) < ($1.seconds ?? 0, $0.name) }
        return (known.first { $0.stage == .train } ?? longest)?.machine ?? machine
    }
}

/// `run.…`: command, commit, versions, and times by stage.
struct RunValues: Codable {
    struct Stage: Codable {
        let nodes: Int
        @OrNull private(set) var seconds: Double?
        @OrNull private(set) var startedAt: String?

        private enum CodingKeys: String, CodingKey {
            case nodes, seconds
            case startedAt = "started_at"
        }

        init(_ nodes: [ReportNode]) {
            self.nodes = nodes.count
            seconds = RunValues.total(nodes)
            startedAt = nodes.compactMap(\.startedAt).min()
        }
    }

    /// The trainings together; nothing is known if nothing was trained.
    struct Training: Codable {
        @OrNull private(set) var seconds: Double?
        /// A sentence about the most main memory that one of them used.
        @OrNull private(set) var memory: String?

        init(_ nodes: [ReportNode]) {
            seconds = RunValues.total(nodes)
            memory = nodes.compactMap(\.memoryBytes).max().map {
                "Training used at most \(NumberText.bytes($0)) of main memory, measured after each epoch; larger "
                    + "photographs and batches need more."
            }
        }
    }

    let command: String
    @OrNull private(set) var commit: String?
    let uncommitted: Bool
    /// By the name of the program or library.
    let versions: [String: String]
    let nodes: Int
    @OrNull private(set) var seconds: Double?
    let training: Training
    /// By the name of the stage; only stages with a result.
    let stages: [String: Stage]

    init(_ inputs: ReportInputs) {
        command = inputs.writtenCommand
        commit = inputs.commit
        uncommitted = inputs.hasUncommittedChanges
        versions = inputs.versions
        nodes = inputs.nodes.count
        seconds = Self.total(inputs.nodes)
        training = Training(inputs.nodes.filter { $0.stage == .train })
        stages = Dictionary(grouping: inputs.nodes, by: \.stage.rawValue).mapValues(Stage.init)
    }

    private static func total(_ nodes: [ReportNode]) -> Double? {
        let seconds = nodes.compactMap(\.seconds)
        return seconds.isEmpty ? nil : seconds.reduce(0, +)
    }
}

/// `data.…`: the numbers of photographs, animals and encounters, and the views and years.
struct DataValues: Codable {
    let kind: String
    let caution: String
    let name: String
    let path: String
    let photographs: Int
    let animals: Int
    let encounters: Int
    let animalsWithOnePhotograph: Int
    /// The number of photographs of each view.
    let viewpoints: [String: Int]
    @OrNull private(set) var firstDate: String?
    @OrNull private(set) var lastDate: String?
    /// Pixels; 0 if no size is known.
    let smallestSide: Int
    let largestSide: Int

    private enum CodingKeys: String, CodingKey {
        case kind, caution, name, path, photographs, animals, encounters, viewpoints
        case animalsWithOnePhotograph = "animals_with_one_photograph"
        case firstDate = "first_date"
        case lastDate = "last_date"
        case smallestSide = "smallest_side"
        case largestSide = "largest_side"
    }

    /// Counts the photographs of a catalogue; `path` is its folder as documents show it.
    init(_ catalog: Catalog, path: String) {
        let photographs = catalog.photographs
        let byWhale = Dictionary(grouping: photographs.compactMap(\.whaleID)) { $0 }
        let dates = photographs.compactMap(\.date)
        let sides = photographs.compactMap(\.sides)
        let views = Viewpoint.inOrder(Viewpoint.standard + photographs.map(\.viewpoint))
        let isSample = FileManager.default.fileExists(
            atPath: catalog.directory.appending(path: "sample.json").path)
        kind = isSample ? "drawings" : "photographs"
        caution = isSample ? Self.cautionOnDrawings : Self.cautionOnPhotographs
        name = catalog.directory.lastPathComponent
        self.path = path
        self.photographs = photographs.count
        animals = byWhale.count
        encounters = Set(photographs.compactMap(\.encounterID)).count
        animalsWithOnePhotograph = byWhale.values.count { $0.count == 1 }
        viewpoints = Dictionary(
            uniqueKeysWithValues: views.map { view in
                (view.rawValue, photographs.count { $0.viewpoint == view })
            })
        firstDate = dates.min()
        lastDate = dates.max()
        smallestSide = sides.map { min($0.width, $0.height) }.min() ?? 0
        largestSide = sides.map { max($0.width, $0.height) }.max() ?? 0
    }

    private static let cautionOnDrawings = """
        The photographs are drawings of an invented pod, in the layout of the competition's data. Their score shows that \
        the system works, not how well it would recognise real belugas.
        """
    private static let cautionOnPhotographs = """
        The numbers hold for these photographs; other places, cameras and seasons may give different ones.
        """
}
