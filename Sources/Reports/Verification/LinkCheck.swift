import Basics
import Foundation

/// Finds the links of rendered documents that lead nowhere.
///
/// A link leads to an anchor of the same file, to a file next to the document, or to an anchor in such a file. Addresses
/// on the web are not followed. Plain text has no links, so the check looks for what would be left of one.
public struct LinkCheck {
    private let folder: URL
    /// The folder of photographs, which the readers of a report do not have.
    private let photographs: URL?

    /// Checks documents in a folder.
    public init(folder: URL, photographs: URL? = nil) {
        self.folder = folder
        self.photographs = photographs
    }

    /// The dead links of some documents, given by path and contents, in order; each target once for each document.
    public func findings(in documents: [(path: String, contents: Data)]) -> [Finding] {
        var known: [String: Set<String>?] = [:]
        return documents.flatMap { document in
            let text = String(decoding: document.contents, as: UTF8.self)
            guard let marks = LinkMarks(text, of: document.path) else {
                return Self.remains(of: text, in: document.path)
            }
            let own = folder.appending(path: document.path).deletingLastPathComponent()
            return marks.links.compactMap { link in
                problem(link, in: own, anchors: marks.anchors, known: &known).map { problem in
                    let line = document.path.hasSuffix(".md") ? Self.line(of: link, in: text) : nil
                    return Finding(file: document.path, line: line, problem: "links to \(quoted: link), \(problem)")
                }
            }
        }
    }

    /// Why a link of a file in a folder leads nowhere; nil if it does not.
    private func problem(
        _ link: String, in folder: URL, anchors: Set<String>, known: inout [String: Set<String>?]
    ) -> String? {
        if link.hasPrefix("data:") || link.hasPrefix("http:") || link.hasPrefix("https:") || link.hasPrefix("mailto:") {
            return nil
        }
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path = parts[0].removingPercentEncoding ?? parts[0]
        let anchor = parts.count > 1 ? parts[1].removingPercentEncoding ?? parts[1] : ""
        if path.isEmpty {
            return anchor.isEmpty || anchors.contains(anchor)
                ? nil : "which the document does not have. Correct the name after the '#'"
        }
        if path.hasPrefix("/") || path.firstMatch(of: #/^[A-Za-z][A-Za-z0-9+.-]*:/#) != nil {
            return "which other machines do not have. Link to a file next to the document"
        }
        let target = folder.appending(path: path).standardizedFileURL
        guard FileManager.default.fileExists(atPath: target.path) else {
            let isDocument = path.hasSuffix(".md") || path.hasSuffix(".html")
            return
                "which does not exist. \(isDocument ? "Render that document, too" : "Correct the link, or remove it")"
        }
        if let photographs, target.path.hasPrefix(photographs.standardizedFileURL.path + "/") {
            return "which is in the folder of photographs, and readers of the report do not have that. Remove the link"
        }
        guard !anchor.isEmpty else { return nil }
        // Every page of an animal leads to the index.
        let others =
            known[target.path]
            ?? (try? String(contentsOf: target, encoding: .utf8)).flatMap { LinkMarks($0, of: path)?.anchors }
        known[target.path] = .some(others)
        guard let others, !others.contains(anchor) else { return nil }
        return "and that file has no such anchor. Correct the name after the '#'"
    }

    private static func line(of link: String, in text: String) -> Int? {
        text.range(of: "](\(link)").map { found in text[..<found.lowerBound].count { $0 == "\n" } + 1 }
    }

    /// What is left of a link in plain text; indented lines are code.
    private static func remains(of text: String, in path: String) -> [Finding] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            guard !line.hasPrefix("    "), let mark = ["](#", "<a id=\""].first(where: { line.contains($0) }) else {
                return nil
            }
            return Finding(
                file: path, line: number + 1, problem: "has \(quoted: mark), which is left of a link. Render again")
        }
    }
}

/// The links and the anchors of a rendered document.
struct LinkMarks {
    /// Each target once, in the order of the document.
    let links: [String]
    let anchors: Set<String>

    /// Reads a file by the type that its name ends in; nil for plain text and other types.
    init?(_ text: String, of path: String) {
        if path.hasSuffix(".html") {
            // Scripts come last, and may mention attributes.
            self.init(html: text.range(of: "\n<script").map { text[..<$0.lowerBound] } ?? text[...])
        } else if path.hasSuffix(".md"), let document = CommonMark(text) {
            let headings = document.headings(addingAnchors: true)
            let own = LinkMarks(html: document.html[...])
            self.init(links: own.links, anchors: own.anchors.union(headings.map(\.anchor)))
        } else {
            return nil
        }
    }

    private init(links: [String], anchors: Set<String>) {
        self.links = links
        self.anchors = anchors
    }

    /// - Complexity: O(length): pages with embedded pictures have megabytes.
    private init(html: Substring) {
        func values(of attribute: String) -> [String] {
            html.split(separator: " \(attribute)=\"", omittingEmptySubsequences: false).dropFirst().map { piece in
                piece.hasPrefix("data:")
                    ? "data:"
                    : String(piece.prefix { $0 != "\"" }).replacing("&amp;", with: "&").replacing("&quot;", with: "\"")
            }
        }
        var seen: Set<String> = []
        links = (values(of: "href") + values(of: "src")).filter { seen.insert($0).inserted }
        anchors = Set(values(of: "id"))
    }
}
