import Basics
import Digests
import Foundation

/// A rendered document beside the same document rendered anew from recorded inputs.
public struct DocumentVerification {
    private let document: Document
    /// Where the rendered files lie.
    private let folder: URL
    /// The rendered document's name without an ending.
    private let stem: String
    public let record: RenderRecord
    /// Where the record lies, relative to the folder.
    public var recordPath: String { "\(stem)_files/\(RenderRecord.name)" }

    /// The renderings of a document in a folder: the document's own and those with other parameters.
    ///
    /// - Parameter url: The document, `name.book.md`.
    /// - Throws: ``VerificationError/notRendered(document:folder:)``, ``FileError`` for an unreadable document or record.
    public static func all(of url: URL, in folder: URL) throws -> [DocumentVerification] {
        let document = try Document.parse(contentsOf: url)
        let held = try? HeldFolder(folder)
        let stems = try (held?.names() ?? []).filter { $0.hasSuffix("_files") }
            .map { String($0.dropLast("_files".count)) }
            .filter { $0 == document.name || $0.hasPrefix(document.name + "--") }
        let found = try stems.compactMap { stem -> DocumentVerification? in
            let path = "\(stem)_files/\(RenderRecord.name)"
            guard let data = try held?.contents(at: path) else { return nil }
            guard let record = try? JSONValue(parsing: data).decoded(as: RenderRecord.self) else {
                throw FileError.malformed(
                    path: folder.appending(path: path).path, line: nil, problem: "this is no record of a rendering",
                    remedy: "Render the document again.")
            }
            return DocumentVerification(document: document, folder: folder, stem: stem, record: record)
        }
        guard !found.isEmpty else {
            throw VerificationError.notRendered(document: url.path, folder: folder.path)
        }
        return found
    }

    /// Renders the document anew and compares every file with that on the disk.
    ///
    /// - Parameters:
    ///   - results: The record with the folders of its results on this machine.
    ///   - versions: Those of the libraries that draw here.
    /// - Throws: ``ParameterError``, ``FileError``.
    public func findings(results: RenderRecord, place: ReportPlace, versions: [String: String]) throws -> [Finding] {
        let present = FrontMatter.Format.allCases.filter { format in
            FileManager.default.fileExists(atPath: folder.appending(path: "\(stem).\(format.fileExtension)").path)
        }
        let rendered = try RenderedDocument(
            document, inputs: results.inputs(place), formats: present, parameters: record.parameters, to: folder)
        let isSameLibrary = versions.allSatisfy { record.versions[$0.key] == $0.value }
        let held = try HeldFolder(folder)
        var findings: [Finding] = []
        var uncompared: [String] = []
        let made = rendered.documents + rendered.figures
        for path in missing(beside: Set(made.map(\.path)), in: held) {
            findings.append(Finding(file: path, problem: "is missing"))
        }
        for file in made {
            do {
                guard let found = try held.contents(at: file.path) else {
                    findings.append(Finding(file: file.path, problem: "is missing"))
                    continue
                }
                findings += self.findings(file, found: found, isSameLibrary: isSameLibrary)
                if !isSameLibrary, file.path.hasSuffix(".svg"), found != file.contents { uncompared.append(file.path) }
            } catch let error as FileError {
                findings.append(Finding(file: file.path, problem: "\(error)"))
            }
        }
        findings += figureList(rendered.figures.map(\.path))
        if let first = uncompared.first {
            findings.append(Finding(file: first, problem: Self.words(uncompared.count, record.versions, versions)))
        }
        return findings
    }

    /// The document's files that a rendering wrote and that are gone. A record that is older than their list was, as far
    /// as can be told, written with Markdown where the front matter has it.
    private func missing(beside made: Set<String>, in held: HeldFolder) -> [String] {
        let written = record.documents ?? (document.frontMatter.formats.contains(.gfm) ? ["\(stem).md"] : [])
        return written.sorted().filter { path in
            !made.contains(path) && StoredName.isPath(path) && held.kind(of: path) == nil
        }
    }

    /// Where the record's figures are not those of the document.
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
        return "\(count == 1 ? "this curve was" : "\(count) curves, this the first, were") not compared as drawn, only "
            + "by the data: drawn by \(libraries.joined(separator: "; ")). Verify with those versions, or render again."
    }

    private func findings(_ expected: RenderedDocument.File, found: Data, isSameLibrary: Bool) -> [Finding] {
        var findings: [Finding] = []
        if let digest = record.figures[expected.path], found.withUnsafeBytes({ Digest.of($0) }) != digest {
            findings.append(Finding(file: expected.path, problem: "is not the file that was drawn"))
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
            "The result '\(name)' that the document was made of is neither in \(places.joined(separator: " nor in ")). "
                + "Give the folder that 'whalebook render --reference DIR' wrote."
        }
    }
}
