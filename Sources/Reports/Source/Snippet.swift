import Basics
import Foundation

/// A passage of a source file that documents quote: the lines between `// snippet.begin NAME` and `// snippet.end`.
struct Snippet: Equatable {
    let name: String
    /// The file, relative to the folder that was searched.
    let path: String
    /// The lines of the file, from 1, without the two markers.
    let lines: ClosedRange<Int>
    /// The lines without the indentation that all share.
    let text: String

    /// Finds a snippet in the Swift files below a folder.
    ///
    /// - Throws: ``ValueError`` if no file has the snippet or several have it, or if a marker has no partner;
    ///   ``FileError`` if a file cannot be read.
    /// - Complexity: O(size of all files).
    static func named(_ name: String, in directory: URL) throws -> Snippet {
        let all = try files(in: directory).flatMap { path in
            try snippets(of: path, data: FileError.contents(of: directory.appending(path: path)))
        }
        let found = all.filter { $0.name == name }
        guard let first = found.first else {
            throw ValueError(
                "no source file marks a snippet \(quoted: name)",
                Spelling.nearest(to: name, among: Set(all.map(\.name)).sorted()).map { "Did you mean \(quoted: $0)?" }
                    ?? "Put '// snippet.begin \(name.shortened())' and '// snippet.end' around the lines to quote.")
        }
        guard found.count == 1 else {
            let places = found.map { "\($0.path):\($0.lines.lowerBound - 1)" }
            throw ValueError(
                "\(found.count) snippets are called \(quoted: name): \(places.listed())", "Rename all but one.")
        }
        return first
    }

    /// The snippets of one file, in their order.
    private static func snippets(of path: String, data: Data) throws -> [Snippet] {
        // Most files have none: they are not split into lines.
        guard data.firstRange(of: Data("// snippet.".utf8)) != nil else { return [] }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        var snippets: [Snippet] = []
        var open: (name: String, line: Int)?
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: " ")
            guard words.first == "//", words.count > 1, words[1].hasPrefix("snippet.") else { continue }
            let number = index + 1
            switch (words[1], open) {
            case ("snippet.begin", nil) where words.count == 3:
                open = (String(words[2]), number)
            case ("snippet.end", let begun?) where words.count == 2 && number > begun.line + 1:
                snippets.append(
                    Snippet(
                        name: begun.name, path: path, lines: (begun.line + 1)...(number - 1),
                        text: dedented(lines[begun.line..<index])))
                open = nil
            default:
                let marker = words.joined(separator: " ")
                throw ValueError(
                    "\(path):\(number): \(quoted: marker) does not fit here",
                    "Write '// snippet.begin NAME', the lines, then '// snippet.end'; snippets do not nest.")
            }
        }
        if let open {
            throw ValueError(
                "\(path):\(open.line): snippet \(quoted: open.name) has no end", "Add '// snippet.end' after its lines."
            )
        }
        return snippets
    }

    private static func dedented(_ lines: ArraySlice<Substring>) -> String {
        let indentation =
            lines.filter { !$0.allSatisfy(\.isWhitespace) }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { $0.dropFirst(indentation) }.joined(separator: "\n")
    }

    /// The Swift files, sorted.
    private static func files(in directory: URL) throws -> [String] {
        let walk = FileManager.default.enumerator(atPath: directory.resolvingSymlinksInPath().path)
        let result = (walk?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
        guard !result.isEmpty else {
            throw ValueError("there is no Swift file in \(directory.path)", "Render in a checkout of the sources.")
        }
        return result.sorted()
    }
}
