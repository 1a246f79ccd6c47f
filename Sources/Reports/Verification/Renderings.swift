import Basics
import Foundation

/// The renderings of documents in a folder, found by their files: if a document or a record was removed, its record,
/// figures or other formats remain.
public struct Renderings {
    private let folder: URL
    private let held: HeldFolder?
    private let names: [String]
    /// The names of renderings that have a record.
    private let recorded: [String]
    /// The names of renderings that have a manifest, with or without a record.
    private let listed: Set<String>

    /// Lists a folder.
    ///
    /// - Throws: ``FileError`` if it exists and cannot be listed.
    public init(in folder: URL) throws {
        self.folder = folder
        let held = FileManager.default.fileExists(atPath: folder.path) ? try HeldFolder(folder) : nil
        self.held = held
        names = try held?.names() ?? []
        var recorded: [String] = []
        var listed: Set<String> = []
        for name in names where name.hasSuffix(Self.ending) {
            // A link or a file of such a name is not Whalebook's.
            guard let inner = try FileError.attempt({ try held?.folder(name) }) ?? nil else { continue }
            let stem = String(name.dropLast(Self.ending.count))
            if inner.kind(of: RenderRecord.name) != nil { recorded.append(stem) }
            if inner.kind(of: Manifest.name) != nil { listed.insert(stem) }
        }
        self.recorded = recorded
        self.listed = listed
    }

    /// The renderings of a document that have a record: its own and those with other parameters.
    ///
    /// - Throws: ``VerificationError/notRendered(document:folder:)``, ``FileError`` for an unreadable record.
    func all(of document: Document) throws -> [DocumentVerification] {
        let found = try recorded.filter { $0 == document.name || $0.hasPrefix(document.name + "--") }.map { stem in
            guard let data = try held?.contents(at: Self.record(of: stem)),
                let record = try? JSONValue(parsing: data).decoded(as: RenderRecord.self)
            else {
                throw FileError.malformed(
                    path: folder.appending(path: Self.record(of: stem)).path, line: nil,
                    problem: "this is not a record of a rendering", remedy: "Render the document again.")
            }
            return DocumentVerification(document: document, folder: folder, stem: stem, record: record)
        }
        let place = document.name + Self.ending
        if found.isEmpty, held?.kind(of: place) == .link {
            throw FileError.unreadable(path: folder.appending(path: place).path, reason: SystemWords.link)
        }
        guard !found.isEmpty else {
            throw VerificationError.notRendered(document: document.url.path, folder: folder.path)
        }
        return found
    }

    /// The files of a document's renderings that have no record, so that their inputs are unknown.
    public func withoutRecord(of url: URL) throws -> [Finding] {
        let document = try Document.parse(contentsOf: url)
        let stems = Set(recorded)
        func isOwn(_ stem: String) -> Bool {
            // Another document may have a name with the same start.
            if stem != document.name, names.contains("\(stem).book.md") { return false }
            return stem == document.name || Variant.isStem(stem, of: document)
        }
        return names.compactMap { name in
            guard let stem = stem(of: name), isOwn(stem), !stems.contains(stem) else { return nil }
            return Finding(
                file: name,
                problem:
                    "was rendered, but \(Self.record(of: stem)) is missing, so its inputs are unknown. Render it again")
        }
    }

    /// The renderings whose documents are not among those given.
    public func withoutDocument(_ documents: [URL]) -> [Finding] {
        let known = documents.map { String($0.lastPathComponent.dropLast(".book.md".count)) }
        return recorded.filter { stem in !known.contains { stem == $0 || stem.hasPrefix($0 + "--") } }.map { stem in
            Finding(
                file: Self.record(of: stem),
                problem:
                    "belongs to a document whose source, \(stem).book.md, is missing. Put it back, or delete "
                    + "everything rendered from it")
        }
    }

    /// The rendering that a file or a folder of figures belongs to; nil if it does not look like one.
    private func stem(of name: String) -> String? {
        if name.hasSuffix(Self.ending) {
            let stem = String(name.dropLast(Self.ending.count))
            return listed.contains(stem) ? stem : nil
        }
        guard !name.hasSuffix(".book.md"), held?.kind(of: name) != .folder,
            let format = FrontMatter.Format.allCases.first(where: { name.hasSuffix("." + $0.fileExtension) })
        else { return nil }
        return String(name.dropLast(format.fileExtension.count + 1))
    }

    private static let ending = "_files"

    private static func record(of stem: String) -> String { "\(stem)\(ending)/\(RenderRecord.name)" }
}
