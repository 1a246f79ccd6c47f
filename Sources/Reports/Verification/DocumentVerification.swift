import Basics
import Digests
import Foundation

/// A rendered document, compared with the same document rendered again from recorded inputs.
public struct DocumentVerification {
    private let document: Document
    /// The folder of the rendered files.
    private let folder: URL
    /// The rendered document's name without an extension.
    private let stem: String
    public let record: RenderRecord
    /// The record's path, relative to the folder.
    public var recordPath: String { "\(stem)_files/\(RenderRecord.name)" }

    init(document: Document, folder: URL, stem: String, record: RenderRecord) {
        self.document = document
        self.folder = folder
        self.stem = stem
        self.record = record
    }

    /// The renderings of a document, `name.book.md`, in a folder: the document's own and those with other parameters.
    ///
    /// - Throws: ``VerificationError/notRendered(document:folder:)``, ``FileError`` for an unreadable document or
    ///   record.
    public static func all(of url: URL, in folder: URL) throws -> [DocumentVerification] {
        try Renderings(in: folder).all(of: Document.parse(contentsOf: url))
    }

    /// Renders the document again and compares every file with the one on disk.
    ///
    /// `results` is the record with the folders of its results, and `versions` are those of the drawing libraries, both
    /// on this machine.
    ///
    /// - Throws: ``VariantError``, ``FileError``.
    public func findings(results: RenderRecord, place: ReportPlace, versions: [String: String]) throws -> [Finding] {
        let present = FrontMatter.Format.allCases.filter { format in
            FileManager.default.fileExists(atPath: folder.appending(path: "\(stem).\(format.fileExtension)").path)
        }
        let rendered = try RenderedDocument(
            document, inputs: results.inputs(place), formats: present.isEmpty ? record.formats(of: document) : present,
            parameters: record.parameters, to: folder)
        let isSameLibrary = versions.allSatisfy { record.versions[$0.key] == $0.value }
        let held = try HeldFolder(folder)
        var findings: [Finding] = []
        var uncompared: [String] = []
        let made = rendered.documents + rendered.figures
        findings += documentList(made: rendered.documents.map(\.path), in: held)
        for file in made {
            do {
                guard let found = try held.contents(at: file.path) else {
                    findings.append(Finding(file: file.path, problem: "is missing"))
                    continue
                }
                findings += self.findings(file, found: found, isSameLibrary: isSameLibrary)
                if !isSameLibrary, file.path.hasSuffix(".svg"), found != file.contents { uncompared.append(file.path) }
            } catch let error as FileError where !error.isExhaustion {
                findings.append(Finding(file: file.path, problem: error.problem))
            }
        }
        findings += figureList(rendered.figures.map(\.path))
        findings += LinkCheck(folder: folder, photographs: place.dataDirectory).findings(in: rendered.documents)
        if let first = uncompared.first {
            findings.append(Finding(file: first, problem: Self.words(uncompared.count, record.versions, versions)))
        }
        return findings
    }

    /// The differences between the record's documents and the existing ones.
    ///
    /// A missing document may have been removed from the record, too. So there must be one for each format requested by
    /// the command, which every document quotes, or else by the front matter; and every existing one must be in the
    /// record. A record that is older than its list of documents is checked against the formats only.
    private func documentList(made: [String], in held: HeldFolder) -> [Finding] {
        let wanted = record.formats(of: document).map { "\(stem).\($0.fileExtension)" }
        let expected = Set(wanted + (record.documents ?? [])).filter(StoredName.isPath)
        let missing = expected.subtracting(made).filter { held.kind(of: $0) == nil }.sorted()
            .map { Finding(file: $0, problem: "is missing") }
        let unlisted =
            record.documents.map { listed in
                Set(made).subtracting(listed).filter { held.kind(of: $0) != nil }.sorted()
            } ?? []
        return missing
            + unlisted.map { Finding(file: $0, problem: "is a rendering of the document, but not in \(recordPath)") }
    }

    /// The differences between the record's figures and the document's.
    private func figureList(_ drawn: [String]) -> [Finding] {
        let recorded = Set(record.figures.keys)
        return recorded.subtracting(drawn).sorted().map {
            Finding(file: $0, problem: "is no longer a figure of the document")
        }
            + Set(drawn).subtracting(recorded).sorted().map {
                Finding(file: $0, problem: "is a figure of the document, but not in \(recordPath)")
            }
    }

    /// Why curves were not compared.
    private static func words(_ count: Int, _ recorded: [String: String], _ here: [String: String]) -> String {
        let libraries = here.keys.sorted().filter { recorded[$0] != here[$0] }
            .map { "\($0) \(recorded[$0] ?? "unknown"), here \(here[$0] ?? "unknown")" }
        return "\(count == 1 ? "this curve was" : "\(count) curves, this the first, were") compared only by data, not "
            + "as drawn: drawn by \(libraries.joined(separator: "; ")). Verify with those versions, or render again."
    }

    private func findings(_ expected: RenderedDocument.File, found: Data, isSameLibrary: Bool) -> [Finding] {
        var findings: [Finding] = []
        if let digest = record.figures[expected.path], Digest.of(found) != digest {
            findings.append(Finding(file: expected.path, problem: "is not the file that was rendered"))
        }
        return findings
            + FileDifferences.findings(
                in: expected.path, found: found, expected: expected.contents, isSameLibrary: isSameLibrary)
    }
}

/// Why a document cannot be verified at all.
public enum VerificationError: Error, Equatable, CustomStringConvertible {
    case notRendered(document: String, folder: String)
    case noResult(name: String, places: [String])

    public var description: String {
        switch self {
        case .notRendered(let document, let folder):
            "\(document) has no rendering with a record in \(folder). Render it first: 'whalebook render'."
        case .noResult(let name, let places):
            "The document's result \(quoted: name) is neither in \(places.joined(separator: " nor in ")). "
                + "Give the folder that 'whalebook render --reference DIR' wrote."
        }
    }
}

/// A difference between a rendered document, or its inputs, and the expected state.
public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// The file, relative to the folder of the document or of the results.
    public let file: String
    /// From 1; nil for the file as a whole.
    public let line: Int?
    /// The present and the expected content.
    public let problem: String

    /// Describes a difference.
    public init(file: String, line: Int? = nil, problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    public var description: String {
        "\(file.shortened(to: Bounds.pathLength))\(line.map { ":\($0)" } ?? ""): "
            + problem.shortened(to: Bounds.messageLength)
    }
}
