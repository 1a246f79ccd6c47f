import Basics
import Foundation

/// Finds the file that a path in the metadata means, if it is written otherwise than the file's own path: with
/// backslashes, in another case or Unicode form, with blanks around it, or relative to a folder of photographs.
///
/// A path that exists as written is never changed, and of several candidates that differ only so, none is taken.
/// Folders are listed once, so that a path costs no system call.
struct PathLocator {
    private let directory: String
    /// The names in each folder seen so far by their lower-case form, which Swift compares regardless of its Unicode
    /// form; empty for a folder that cannot be listed.
    private var listings: [String: [String: [String]]] = [:]

    init(_ directory: URL) { self.directory = directory.path }

    /// The path of the file, and whether it is written so; the path as written in the first folder if there is none. The
    /// folders, each with a slash at the end, are searched in order.
    mutating func located(_ path: String, in folders: [String]) -> (path: String, isAsWritten: Bool) {
        for folder in folders {
            let whole = folder + path
            if exists(whole) { return (whole, true) }
        }
        let slashed = path.trimmingBlanks.replacing("\\", with: "/")
        let forms = slashed == path || ImageFolder.leaves(slashed) ? [path] : [path, slashed]
        for folder in folders {
            for form in forms {
                if let found = alike(folder + form) { return (found, false) }
            }
        }
        return ((folders.first ?? "") + path, true)
    }

    /// The name of a file in a missing file's folder that is most like it and has the same digits: a series of numbers
    /// has many names that are nearly alike. Nil also for a name of one letter, which resembles any other.
    mutating func nearest(to path: String) -> String? {
        let (folder, name) = Self.parts(path)
        guard name.count(where: \.isLetter) > Self.shortest else { return nil }
        let digits = name.filter(\.isNumber)
        return Spelling.nearest(
            to: name, among: listing(of: folder).values.joined().filter { $0.filter(\.isNumber) == digits })
    }

    /// The letters of `a.jpg`.
    private static let shortest = 4

    private mutating func exists(_ path: String) -> Bool {
        let (folder, name) = Self.parts(path)
        return listing(of: folder)[name.lowercased()]?.contains { $0.utf8.elementsEqual(name.utf8) } == true
    }

    /// The only file whose path is the same without case.
    private mutating func alike(_ path: String) -> String? {
        var found = ""
        for part in path.utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) where part != "." {
            let names = listing(of: found)[part.lowercased()] ?? []
            let exact = names.first { $0.utf8.elementsEqual(part.utf8) }
            guard let name = exact ?? (names.count == 1 ? names[0] : nil) else { return nil }
            found += (found.isEmpty ? "" : "/") + name
        }
        return found.isEmpty ? nil : found
    }

    private static func parts(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
        return (String(path[..<slash]), String(Substring(path.utf8[slash...].dropFirst())))
    }

    private mutating func listing(of folder: String) -> [String: [String]] {
        if let known = listings[folder] { return known }
        let place = folder.isEmpty ? directory : "\(directory)/\(folder)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let listing = Dictionary(grouping: names) { $0.lowercased() }
        listings[folder] = listing
        return listing
    }
}
