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

    /// The renderings of a document in a folder: the document's own and those with other parameters.
    ///
    /// - Parameter url: The document, `name.book.md`.
    /// - Throws: ``VerificationError/notRendered(document:folder:)``, ``FileError`` for an unreadable document or record.
    public static func all(of url: URL, in folder: URL) throws -> [DocumentVerification] {
        let document = try Document.parse(contentsOf: url)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let stems = names.filter { $0.hasSuffix("_files") }.map { String($0.dropLast("_files".count)) }
            .filter { $0 == document.name || $0.hasPrefix(document.name + "--") }.sorted()
        let found = try stems.compactMap { stem -> DocumentVerification? in
            let url = folder.appending(path: "\(stem)_files/\(RenderRecord.name)")
            guard FileManager.default.fileExists(atPath: url.path) else { return nil }
            let json = try JSONValue.read(url)
            guard let record = try? json.decoded(as: RenderRecord.self) else {
                throw FileError.malformed(
                    path: url.path, line: nil, problem: "this is no record of a rendering",
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
        var findings: [Finding] = []
        if present.isEmpty { findings.append(Finding(file: "\(stem).md", problem: "is missing")) }
        for file in rendered.documents + rendered.figures {
            findings += self.findings(file, isSameLibrary: isSameLibrary)
        }
        let drawn = Set(rendered.figures.map(\.path))
        for path in record.figures.keys.sorted() where !drawn.contains(path) {
            findings.append(Finding(file: path, problem: "is no longer a figure of the document"))
        }
        return findings
    }

    private func findings(_ expected: RenderedDocument.File, isSameLibrary: Bool) -> [Finding] {
        let url = folder.appending(path: expected.path)
        guard let data = try? Data(contentsOf: url) else {
            return [Finding(file: expected.path, problem: "is missing")]
        }
        var findings: [Finding] = []
        if let digest = record.figures[expected.path], data.withUnsafeBytes({ Digest.of($0) }) != digest {
            findings.append(Finding(file: expected.path, problem: "is not the file that was drawn"))
        }
        findings += FileDifferences.findings(
            in: expected.path, found: data, expected: expected.contents, isSameLibrary: isSameLibrary)
        return findings
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
