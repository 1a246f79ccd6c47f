import Basics
import Foundation
import Results
import Testing

/// The results of the reference run, each file read by its one reader and written by its one writer.
struct ReferenceResultTests {
    private static let reference = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "reports/reference")

    /// A kind of file, whatever its contents.
    struct Kind: Sendable, CustomTestStringConvertible {
        let path: String
        /// Reads the file in one folder and writes it in another.
        let copy: @Sendable (_ from: URL, _ to: URL) throws -> Void
        let stage: StageName
        let name: String
        var testDescription: String { path }

        init<Contents>(_ file: ResultFile<Contents>) {
            (stage, name, path) = (file.stage, file.name, "\(file.stage.rawValue)/\(file.name)")
            copy = { try file.write(try file.read(in: $0), in: $1) }
        }

        /// The folders of the reference that have the file.
        var folders: [URL] {
            get throws {
                let results = reference.appending(path: stage.rawValue)
                return try FileManager.default.contentsOfDirectory(at: results, includingPropertiesForKeys: nil)
                    .filter { FileManager.default.fileExists(atPath: $0.appending(path: name).path) }
            }
        }
    }

    private static let kinds = [
        Kind(SplitFiles.split), Kind(SplitFiles.scenarios), Kind(SplitFiles.labels), Kind(MeasureFiles.measures),
        Kind(TrainFiles.description), Kind(TrainFiles.history), Kind(EmbedFiles.photographs),
        Kind(EmbedFiles.untrainedPhotographs), Kind(BackgroundFiles.rows), Kind(BackgroundFiles.laterality),
        Kind(BackgroundFiles.summary), Kind(SearchFiles.neighbours), Kind(SearchFiles.ranks),
        Kind(SearchFiles.novelty), Kind(SearchFiles.suspects), Kind(SearchFiles.suspectSummary),
        Kind(SearchFiles.typical),
        Kind(KeypointFiles.summary), Kind(MatchFiles.summary), Kind(FuseFiles.fusion), Kind(FuseFiles.neighbours),
        Kind(FuseFiles.ranks), Kind(FuseFiles.firstMatches), Kind(FuseFiles.localNeighbours),
        Kind(FuseFiles.localRanks), Kind(FuseFiles.untrainedNeighbours), Kind(FuseFiles.untrainedRanks),
        Kind(ExplainFiles.matches), Kind(ExplainFiles.compared),
        Kind(ExpandFiles.neighbours), Kind(ExpandFiles.ranks), Kind(ExpandFiles.untrainedNeighbours),
        Kind(ExpandFiles.untrainedRanks), Kind(EvaluateFiles.evaluation), Kind(EvaluateFiles.queries),
        Kind(EvaluateFiles.submission), Kind(EvaluateFiles.calibration), Kind(EvaluateFiles.causes),
        Kind(EvaluateFiles.confusedPairs),
        Kind(SweepFiles.choices), Kind(SweepFiles.summary), Kind(ExplainFiles.pairs), Kind(ExplainFiles.heatMaps),
        Kind(ExplainFiles.summary), Kind(ReduceFiles.map), Kind(ReduceFiles.summary),
    ]

    private static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "results-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try body(folder)
    }

    @Test(arguments: kinds)
    func `A file is written again with the same bytes`(kind: Kind) throws {
        let folders = try kind.folders
        #expect(!folders.isEmpty, "the reference has no \(kind.path)")
        for folder in folders {
            try Self.withFolder { copies in
                try kind.copy(folder, copies)
                let (old, new) = (folder.appending(path: kind.name), copies.appending(path: kind.name))
                #expect(try Data(contentsOf: old) == Data(contentsOf: new), "\(kind.path)")
            }
        }
    }

    @Test func `Every file of the reference is among them`() throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: Self.reference.path)
            .map { $0.split(separator: "/") }.filter { $0.count == 3 }.map { "\($0[0])/\($0[2])" }
        #expect(Set(paths) == Set(Self.kinds.map(\.path)))
    }

    /// The JSON files, whose members could be missed without a word.
    private static let objects = kinds.filter { $0.name.hasSuffix(".json") }

    /// Members that a file may lack: maps that were not made have no measures, older networks did not count
    /// photographs, and older searches no views. Marks that were not matched say nothing about names.
    private static let omittable: Set = [
        "reduce/reduce.json: divergence", "reduce/reduce.json: perplexity", "reduce/reduce.json: variance",
        "search/suspects.json: marks", "search/suspects.json: views", "train/model.json: class_photographs",
    ]

    @Test(arguments: objects)
    func `A file that lacks a member is refused, never read as if it were empty`(kind: Kind) throws {
        for folder in try kind.folders {
            let members = try #require(JSONValue.read(folder.appending(path: kind.name)).object)
            #expect(!members.isEmpty)
            for name in members.keys.sorted() where !Self.omittable.contains("\(kind.path): \(name)") {
                try Self.withFolder { cut in
                    let rest = JSONValue.object(members.filter { $0.key != name })
                    try AtomicFile.write(rest.text, to: cut.appending(path: kind.name))
                    let error = #expect(throws: FileError.self, "\(name)") { try kind.copy(cut, cut) }
                    // The list of scenarios is its file's only member.
                    let words = kind.path == "split/scenarios.json" ? "not a list of scenarios" : "'\(name)' is missing"
                    #expect(
                        error?.description.contains(words) == true,
                        "\(name): \(error.map(String.init(describing:)) ?? "")")
                }
            }
        }
    }
}
