import Foundation
import Testing

/// The edges between targets, read from the `import` lines: they point one way.
struct ImportTests {
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What each target may import of ours, lowest first; a target imports only what stands above it here.
    private static let allowed: [(target: String, imports: Set<String>)] = [
        ("Basics", ["CMalloc"]),
        ("Options", ["Basics"]),
        ("YAML", ["Basics"]),
        ("Digests", ["Basics", "COpenSSL"]),
        ("Hub", ["Basics"]),
        ("HubClient", ["Basics", "CCurl", "Digests", "Hub"]),
        ("Archives", ["Basics", "CArchive"]),
        ("Imaging", ["Basics", "CHEIF", "CJPEG", "CPixels", "CPNG", "CTIFF", "CWebP"]),
        ("Catalog", ["Basics", "Imaging", "Options"]),
        ("Checkpoints", ["Basics"]),
        ("Torch", ["Basics", "Checkpoints", "CTorch"]),
        ("Networks", ["Basics", "Torch"]),
        ("Backbones", ["Basics", "Networks", "Torch"]),
        ("Retrieval", ["Basics", "COpenBLAS"]),
        ("Evaluation", ["Basics"]),
        ("Results", ["Basics", "Catalog", "Evaluation", "Imaging"]),
        ("Exports", ["Basics", "Catalog", "Digests", "Evaluation", "Imaging", "Results"]),
        ("PublicData", ["Basics", "Catalog", "Results"]),
        ("PublicDataClient", ["Archives", "Basics", "Digests", "HubClient", "PublicData"]),
        ("Configuration", ["Basics", "Catalog", "Options", "YAML"]),
        ("Matching", ["Basics", "CMatching", "Retrieval"]),
        ("Marks", ["Basics", "Catalog", "Configuration", "Evaluation", "Matching", "Results"]),
        ("Jobs", ["Basics", "Configuration"]),
        ("Keypoints", ["Basics", "Catalog", "Configuration", "COpenCV", "Imaging", "Jobs", "Matching"]),
        (
            "Training",
            [
                "Backbones", "Basics", "Catalog", "Configuration", "Digests", "Evaluation", "Imaging", "Jobs",
                "Marks", "Networks", "Results", "Retrieval", "Torch",
            ]
        ),
        ("CrossView", ["Basics", "Configuration", "Jobs", "Networks", "Results", "Torch"]),
        ("Drawing", ["Basics", "CCairo", "Imaging"]),
        ("Sample", ["Basics", "Catalog", "Drawing", "Imaging"]),
        ("Figures", ["Basics", "Drawing", "Evaluation", "Imaging"]),
        (
            "Reports",
            [
                "Basics", "Catalog", "CCommonMark", "Configuration", "Digests", "Drawing", "Evaluation", "Figures",
                "Imaging", "Options", "Results", "YAML",
            ]
        ),
        ("Preview", ["Basics"]),
        ("Review", ["Basics", "Catalog", "Imaging", "Preview", "Results"]),
        (
            "Workflow",
            [
                "Basics", "Catalog", "Configuration", "Digests", "Evaluation", "Exports", "Hub", "Imaging", "Jobs",
                "Marks", "Options", "PublicData", "Reports", "Results", "Retrieval", "Review",
            ]
        ),
        (
            "whalebook",
            [
                "Basics", "Catalog", "Configuration", "Drawing", "Evaluation", "Exports", "Jobs", "Preview",
                "PublicData", "Reports", "Results", "Review", "Sample", "Workflow",
            ]
        ),
        (
            "whalebook-worker",
            [
                "Backbones", "Basics", "Configuration", "CrossView", "Hub", "HubClient", "Jobs", "Keypoints",
                "PublicData", "PublicDataClient", "Torch", "Training",
            ]
        ),
        ("document-sources", []),
    ]

    /// The targets that may import each library outside the toolchain: one, but for Yams, which two readers of files
    /// use after `YAML` has bounded their text. None may import Foundation's networking: some answers of a server end
    /// its process. Algorithms is not here: it extends the standard library, and any target may import it.
    private static let libraries: [String: Set<String>] = [
        "CTorch": ["Torch"], "CJPEG": ["Imaging"], "CPixels": ["Imaging"], "CPNG": ["Imaging"], "CCairo": ["Drawing"],
        "CHEIF": ["Imaging"], "CTIFF": ["Imaging"], "CWebP": ["Imaging"],
        "COpenBLAS": ["Retrieval"], "CMatching": ["Matching"], "COpenCV": ["Keypoints"], "CCurl": ["HubClient"],
        "CArchive": ["Archives"], "CMalloc": ["Basics"],
        "CCommonMark": ["Reports"],
        "Yams": ["Configuration", "Reports", "YAML"], "CYaml": ["YAML"], "ArgumentParser": ["whalebook"],
        "COpenSSL": ["Digests"], "FoundationNetworking": [], "Subprocess": ["Workflow"],
        "SystemPackage": ["Workflow"],
    ]

    @Test func `Targets import only what the table allows`() throws {
        let names = Set(Self.allowed.map(\.target)).union(Self.libraries.keys)
        for (target, allowed) in Self.allowed {
            let found = try Self.imports(of: target).intersection(names)
            let ours = found.filter { Self.libraries[$0] == nil || $0.hasPrefix("C") && allowed.contains($0) }
            #expect(ours.isSubset(of: allowed), "\(target) imports \(ours.subtracting(allowed).sorted())")
        }
    }

    @Test func `Imports point one way`() {
        var known: Set<String> = [
            "CTorch", "CHEIF", "CJPEG", "CPixels", "CPNG", "CTIFF", "CWebP", "CCairo", "COpenBLAS", "CCommonMark",
            "CCurl", "COpenSSL", "CMatching", "COpenCV", "CArchive", "CMalloc",
        ]
        for (target, imports) in Self.allowed {
            #expect(imports.isSubset(of: known), "\(target) needs \(imports.subtracting(known).sorted()) before it")
            known.insert(target)
        }
    }

    @Test func `Each library is imported in one place`() throws {
        for (target, _) in Self.allowed {
            for library in try Self.imports(of: target) {
                guard let meant = Self.libraries[library] else { continue }
                #expect(meant.contains(target), "\(target) imports \(library), which is for \(meant.sorted())")
            }
        }
    }

    @Test func `Every target of the sources is in the table`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
        let swift = folders.filter { !((try? Self.files(of: $0)) ?? []).isEmpty }
        #expect(Set(swift) == Set(Self.allowed.map(\.target)))
    }

    @Test func `Nothing writes to a standard stream by a call that crashes on a full disk`() throws {
        for (target, _) in Self.allowed {
            for file in try Self.files(of: target) {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(
                    text.firstMatch(of: #/FileHandle\.standard(?:Error|Output)\.write\(Data|\bfputs\(/#) == nil,
                    "\(file.lastPathComponent): use StandardStream")
            }
        }
    }

    @Test func `No file is too long`() throws {
        for (target, _) in Self.allowed {
            for file in try Self.files(of: target) {
                let lines = try String(contentsOf: file, encoding: .utf8).count { $0 == "\n" }
                #expect(lines <= 500, "\(file.lastPathComponent) has \(lines) lines: split it")
            }
        }
    }

    @Test func `Only Terminal writes to the terminal`() throws {
        let writing = #/(?:^|[^.\w])(?:print|debugPrint|fputs|fwrite)\(|FileHandle\.standard(?:Output|Error)/#
        for (target, _) in Self.allowed where target != "whalebook-worker" {
            for file in try Self.files(of: target) where file.lastPathComponent != "Terminal.swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(text.firstMatch(of: writing) == nil, "\(file.lastPathComponent) goes past Terminal")
            }
        }
    }

    private static func files(of target: String) throws -> [URL] {
        let folder = root.appending(path: "Sources/\(target)")
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
            .map { folder.appending(path: $0) }
    }

    private static func imports(of target: String) throws -> Set<String> {
        var result: Set<String> = []
        for file in try files(of: target) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: #/(?m)^(?:@\w+ )*(?:public |internal )?import (?:\w+ )?(\w+)/#) {
                result.insert(String(match.1))
            }
        }
        return result
    }
}
