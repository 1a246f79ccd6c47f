import Basics
import Catalog
import Evaluation
import Figures
import Foundation
import Imaging

/// Photographs next to candidates, with lines between the marks that match.
public struct MatchSheet {
    /// A photograph with lines to it or from it.
    public struct Side: Sendable {
        let photograph: PhotographFile
        let captions: [String]

        /// Describes a photograph, with the lines of text at it.
        public init(_ photograph: PhotographFile, captions: [String]) {
            self.photograph = photograph
            self.captions = captions
        }
    }

    /// A photograph and a candidate.
    public struct Pair: Sendable {
        let title: String
        let photograph: Side
        let candidate: Side
        let matches: [MarkMatch]

        /// Describes a pair under a title; the places of `matches` are in the photograph and in the candidate.
        public init(title: String, photograph: Side, candidate: Side, matches: [MarkMatch]) {
            self.title = title
            self.photograph = photograph
            self.candidate = candidate
            self.matches = matches
        }
    }

    private let pairs: [Pair]
    private let lines: Int

    /// The minimum length of a photograph's shorter side in pixels, at least what a page shows.
    static let side = 640
    private static let scale = 1.5
    /// More would make a picture too high for most viewers.
    private static let pairsOfPage = 8

    /// Collects pairs, of which each has at most `lines` lines, for the strongest matches that agree.
    public init(_ pairs: [Pair], lines: Int = 12) {
        self.pairs = pairs
        self.lines = lines
    }

    /// Draws PNG files: `url`, and `NAME-2.png` and so on for what does not fit. Beside each, a JSON file of the same name
    /// has the matches.
    ///
    /// - Returns: The pictures in order; at least one.
    /// - Throws: `DrawingError`, ``FileError``.
    public func write(to url: URL) throws -> [URL] {
        let starts = Array(stride(from: 0, to: max(pairs.count, 1), by: Self.pairsOfPage))
        return try starts.enumerated().map { number, start in
            let page = url.page(number)
            let grid = grid(pairs[start..<min(start + Self.pairsOfPage, pairs.count)])
            try AtomicFile.write(grid.png(scale: Self.scale), to: page)
            try AtomicFile.write(
                Data(grid.data.text.utf8), to: page.deletingPathExtension().appendingPathExtension("json"))
            return page
        }
    }

    private func grid(_ pairs: some Sequence<Pair>) -> MatchGrid {
        MatchGrid(
            pairs: pairs.map { pair in
                MatchedPair(
                    title: pair.title, query: tile(pair.photograph), answer: tile(pair.candidate),
                    agreement: MarkAgreement(pair.matches))
            }, lines: lines, showsOthers: true)
    }

    private func tile(_ side: Side) -> PhotographTile {
        PhotographTile(
            id: side.photograph.id, picture: try? Raster.reduced(side.photograph, to: Self.side),
            captions: side.captions)
    }
}
