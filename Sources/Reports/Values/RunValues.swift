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

    /// `run.…`: command, commit, versions, and times by stage.
    var runValues: JSONValue {
        var stages: [String: JSONValue] = [:]
        for stage in Nodes(nodes).presentStages {
            let own = nodes.filter { $0.stage == stage }
            stages[stage.rawValue] = [
                "nodes": .number(Double(own.count)), "seconds": Self.total(own).map(JSONValue.number) ?? .null,
                "started_at": own.compactMap(\.startedAt).min().map(JSONValue.string) ?? .null,
            ]
        }
        return [
            "command": .string(writtenCommand), "commit": commit.map(JSONValue.string) ?? .null,
            "uncommitted": .bool(hasUncommittedChanges),
            "versions": .object(versions.mapValues(JSONValue.string)), "nodes": .number(Double(nodes.count)),
            "seconds": Self.total(nodes).map(JSONValue.number) ?? .null, "stages": .object(stages),
        ]
    }

    private static func total(_ nodes: [ReportNode]) -> Double? {
        let seconds = nodes.compactMap(\.seconds)
        return seconds.isEmpty ? nil : seconds.reduce(0, +)
    }
}

extension Catalog {
    private static let cautionOnDrawings = """
        'whalebook sample' drew a pod of whales in the layout of the competition's data, so that everything here can be \
        run and checked without the real photographs. A score on drawings shows that the system works, not how well it \
        would recognise real belugas.
        """
    private static let cautionOnPhotographs = """
        The numbers hold for these photographs; other places, cameras and seasons may give different ones.
        """

    /// `data.…`: the numbers of photographs, animals and encounters, and the views and years.
    func reportValues(path: String) -> JSONValue {
        let views = Viewpoint.inOrder(Viewpoint.standard + photographs.map(\.viewpoint)).map { view in
            (view.rawValue, JSONValue.number(Double(photographs.count { $0.viewpoint == view })))
        }
        let byWhale = Dictionary(grouping: photographs.compactMap(\.whaleID)) { $0 }
        let dates = photographs.compactMap(\.date)
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        let isSample = FileManager.default.fileExists(atPath: directory.appending(path: "sample.json").path)
        return [
            "kind": isSample ? "drawings" : "photographs",
            "caution": .string(isSample ? Self.cautionOnDrawings : Self.cautionOnPhotographs),
            "name": .string(directory.lastPathComponent), "path": .string(path),
            "photographs": .number(Double(photographs.count)), "animals": .number(Double(byWhale.count)),
            "encounters": .number(Double(Set(photographs.compactMap(\.encounterID)).count)),
            "animals_with_one_photograph": .number(Double(byWhale.values.count { $0.count == 1 })),
            "viewpoints": .object(Dictionary(uniqueKeysWithValues: views)),
            "first_date": text(dates.min()), "last_date": text(dates.max()),
            "smallest_side": .number(
                Double(photographs.compactMap(\.sides).map { min($0.width, $0.height) }.min() ?? 0)),
            "largest_side": .number(
                Double(photographs.compactMap(\.sides).map { max($0.width, $0.height) }.max() ?? 0)),
        ]
    }
}
