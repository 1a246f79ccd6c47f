import Foundation
import Testing

/// The folders inside a target use one another one way, as targets do.
///
/// Swift has no imports between folders, so the test reads which types each file names. A name that two folders declare,
/// or that the file itself declares, says nothing and is passed over.
struct FolderTests {
    private static let sources = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources")

    /// The folders of each target, lowest first; a file names only types of its own folder and of those before it. Files
    /// beside the folders come last.
    private static let order: [String: [String]] = [
        "Catalog": ["Photographs", "Paths", "Readers", "Splits", "Scenarios", "Audit"],
        "Evaluation": ["Measures", "Suspects", "Causes", "Maps", "Novelty", "Fusion"],
        "Figures": ["Base", "Grids", "Charts"],
        "Reports": [
            "Document", "Markup", "Inputs", "Artefacts", "Source", "Values", "Cells", "Output", "Verification",
        ],
        "Results": ["Files", "Tables", "Scoring"],
        "Training": ["Ranks", "Network", "Loop", "Jobs"],
        "Workflow": [
            "Store", "Ledger", "Worker", "Nodes", "Stages", "Status", "Runner", "Reporting", "Setup", "Tasks",
        ],
        "whalebook": ["Support", "Commands"],
    ]

    private static let targets = Self.order.keys.sorted()

    @Test(arguments: targets)
    func `Folders of a target use one another one way`(target: String) throws {
        let order = try #require(Self.order[target]) + ["."]
        let files = try Self.files(of: target)
        #expect(Set(files.map(\.folder)).isSubset(of: order), "a folder that the order does not name")
        var owners: [String: Set<String>] = [:]
        for file in files { for name in file.declared { owners[name, default: []].insert(file.folder) } }
        for file in files {
            let place = try #require(order.firstIndex(of: file.folder))
            for name in file.named {
                guard let folders = owners[name], folders.count == 1, let owner = folders.first else { continue }
                let other = try #require(order.firstIndex(of: owner))
                #expect(other <= place, "\(target)/\(file.folder)/\(file.name) names \(name) of \(owner)")
            }
        }
    }

    @Test func `Every target with folders has an order`() throws {
        let targets = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
        let found = try targets.filter { Set(try Self.files(of: $0).map(\.folder)).count > 1 }
        #expect(Set(found) == Set(Self.order.keys))
    }

    @Test func `A use against the order is found`() {
        let upper = File("Upper/A.swift", "struct Roof { let house: House }\n")
        let lower = File("Lower/B.swift", "/// Below a Roof.\nstruct House { let name = \"Roof\" }\n")
        #expect(upper.named.contains("House") && upper.declared == ["Roof"])
        #expect(!lower.named.contains("Roof") && lower.declared == ["House"])
    }

    /// What a file declares and what it names, comments and texts aside.
    private struct File {
        let folder: String
        let name: String
        let declared: Set<String>
        let named: Set<String>

        init(_ path: String, _ text: String) {
            let parts = path.split(separator: "/")
            folder = parts.count > 1 ? String(parts[0]) : "."
            name = String(parts[parts.count - 1])
            let code = text.replacing(#/"""(?s:.*?)"""/#, with: "").replacing(#/\/\/[^\n]*/#, with: "")
                .replacing(#/"(?:\\.|[^"\\\n])*"/#, with: "")
            let declaration =
                #/
                (?m)^(?<inside>\ *)(?:@\w+(?:\([^)]*\))?\s+)*
                (?<access>(?:(?:public|package|internal|fileprivate|private|final|indirect)\ +)*)
                (?:struct|class|enum|protocol|actor|typealias)\ +(?<name>\w+)
                /#
            var declared: Set<String> = []
            var own: Set<String> = []
            for match in code.matches(of: declaration) {
                let name = String(match.output.name)
                own.insert(name)
                if match.output.inside.isEmpty, !match.output.access.contains("private") { declared.insert(name) }
            }
            self.declared = declared
            named = Set(code.matches(of: #/\b[A-Z]\w*\b/#).map { String($0.output) }).subtracting(own)
        }
    }

    private static func files(of target: String) throws -> [File] {
        let folder = sources.appending(path: target)
        guard let names = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
            .map { File($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }
    }
}
