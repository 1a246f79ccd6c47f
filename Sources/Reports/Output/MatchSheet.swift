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

    /// Collects pairs, of which each has at most `lines` lines, for the strongest matches that agree.
    public init(_ pairs: [Pair], lines: Int = 12) {
        self.pairs = pairs
        self.lines = lines
    }

    /// The picture, with the pairs below each other.
    ///
    /// - Throws: `DrawingError`.
    public func picture() throws -> Raster {
        try MatchGrid(
            pairs: pairs.map { pair in
                MatchedPair(
                    title: pair.title, query: tile(pair.photograph), answer: tile(pair.candidate),
                    agreement: MarkAgreement(pair.matches))
            }, lines: lines, showsOthers: true
        ).raster(scale: Self.scale)
    }

    /// Writes the picture as a PNG file.
    ///
    /// - Throws: `DrawingError`, ``FileError``.
    public func write(to url: URL) throws { try AtomicFile.write(picture().png(), to: url) }

    private func tile(_ side: Side) -> PhotographTile {
        PhotographTile(
            id: side.photograph.id, picture: try? Raster.reduced(side.photograph, to: Self.side),
            captions: side.captions)
    }
}
