import Basics
import Foundation

/// Finds declarations by name in a folder of Swift sources.
struct SourceFolder {
    let directory: URL

    /// A declaration with its file.
    struct Found: Equatable {
        let declaration: SwiftDeclaration
        /// The file, relative to the folder.
        let path: String
    }

    /// Finds the declaration of a dotted name, such as `FocalLoss`, `ArcFace.logits(_:labels:mode:)`.
    ///
    /// - Parameter file: The end of the path of the file to look in, or nil for all.
    /// - Throws: ``ValueError`` where there is none, or more than one.
    /// - Complexity: O(size of all files).
    func declaration(named name: String, file: String? = nil) throws -> Found {
        let path = name.prefix { $0 != "(" }
        let signature = name.dropFirst(path.count)
        let last = String(path.split(separator: ".").last ?? "")
        var found: [Found] = []
        var users: [Data] = []
        for candidate in try files(endingWith: file) {
            let data = try FileError.contents(of: directory.appending(path: candidate))
            guard let declares = SwiftScanner.declares(last, in: data) else { continue }
            users.append(data)
            guard declares else { continue }
            for declaration in SwiftScanner.declarations(in: String(decoding: data, as: UTF8.self))
            where declaration.path == path && (signature.isEmpty || declaration.signature == signature) {
                found.append(Found(declaration: declaration, path: candidate))
            }
        }
        // A type is meant before what extends it.
        let types = found.filter { $0.declaration.kind != .extension }
        let chosen = types.isEmpty ? found : types
        guard let first = chosen.first else {
            let names = Set(
                users.flatMap { SwiftScanner.declarations(in: String(decoding: $0, as: UTF8.self)).map(\.path) })
            throw ValueError(
                "no Swift source declares \(quoted: name)\(file.map { " in \($0)" } ?? "")",
                Spelling.nearest(to: String(path), among: names.sorted()).map { "Did you mean \(quoted: $0)?" }
                    ?? "If it was renamed, write its present name.")
        }
        guard chosen.count == 1 else {
            let places = chosen.map { "\($0.path):\($0.declaration.lines.lowerBound) \($0.declaration.signature)" }
            throw ValueError(
                "\(chosen.count) declarations are called \(quoted: name): \(places.listed(by: "; "))",
                "Add the labels, such as \(quoted: first.declaration.path + first.declaration.signature), or 'file: …'."
            )
        }
        return first
    }

    /// The Swift files, sorted.
    private func files(endingWith end: String?) throws -> [String] {
        let walk = FileManager.default.enumerator(atPath: directory.resolvingSymlinksInPath().path)
        let result = (walk?.compactMap { $0 as? String } ?? []).filter { path in
            path.hasSuffix(".swift") && end.map { path == $0 || path.hasSuffix("/" + $0) } ?? true
        }
        guard !result.isEmpty else {
            throw ValueError(
                "there is no Swift file\(end.map { " \(quoted: $0)" } ?? "") in \(directory.path)",
                "Render where the sources lie, or correct 'file'.")
        }
        return result.sorted()
    }
}
