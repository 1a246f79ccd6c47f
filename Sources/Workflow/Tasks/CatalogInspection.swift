import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Imaging
import Results

/// An inspection of a folder of photographs: its metadata, and whether its files agree with them.
public struct CatalogInspection: Sendable {
    public let survey: CatalogSurvey
    /// The problems of the metadata, the photographs and the scenarios, in this order.
    public let problems: ProblemList
    /// The folder's scenarios; empty if it has none or they cannot be read.
    public let scenarios: [Scenario]
    /// The findings in the photographs' files; nil if they were not opened.
    public let opened: Opened?

    /// The findings in the photographs' files.
    public struct Opened: Sendable {
        /// The number of photographs whose files cannot be decoded.
        public let broken: Int
        /// The sizes of the pictures that could be decoded, as they are stored.
        public let sizes: [PixelBox]
        public let duplicates: Duplicates
    }

    /// Inspects a folder, given by its absolute path and its layout.
    ///
    /// With `opensPhotographs`, every file is also read, decoded and measured, on all processors.
    ///
    /// - Throws: `CancellationError`; ``FileError`` or ``LayoutError`` if no metadata can be parsed.
    public init(
        _ data: DataSettings, opensPhotographs: Bool, progress: @Sendable (RunProgress) -> Void = { _ in }
    ) throws {
        survey = try CatalogSurvey(data.catalogFolder())
        var problems = survey.problems
        if opensPhotographs {
            let (opened, found) = try Self.open(survey, progress: progress)
            self.opened = opened
            problems.append(found)
        } else {
            opened = nil
        }
        var scenarios: [Scenario] = []
        if ScenarioFiles.exist(in: survey.catalog.directory) {
            do {
                scenarios = try ScenarioFiles.read(survey.catalog)
            } catch let error as CatalogError {
                problems.append(error.list)
            } catch FileError.malformed(let path, let line, let problem, let remedy) {
                problems.add(path, line: line, problem, remedy)
            }
        }
        self.scenarios = scenarios
        self.problems = problems
    }

    private struct Look: Sendable {
        let fingerprint: Fingerprint
        let size: PixelBox?
    }

    private static func open(
        _ survey: CatalogSurvey, progress: @Sendable (RunProgress) -> Void
    ) throws -> (Opened, ProblemList) {
        let photographs = survey.catalog.photographs
        let looks = try PhotographWork.results(of: survey.present, progress: progress) { position in
            try Self.look(at: survey.catalog.file(of: photographs[position]))
        }
        var fingerprints = [Fingerprint?](repeating: nil, count: photographs.count)
        var sizes: [PixelBox] = []
        var problems = ProblemList()
        var broken = 0
        for (position, look) in zip(survey.present, looks) {
            let photograph = photographs[position]
            switch look {
            case .success(let look):
                fingerprints[position] = look.fingerprint
                if let size = look.size { sizes.append(size) }
                if let size = look.size, let problem = photograph.disagreement(with: size) {
                    problems.append(
                        survey.problem(
                            ofPhotographAt: position, problem, "Correct height and width, or replace the file.")
                    )
                }
            case .failure(let error):
                broken += 1
                let (problem, remedy) = BrokenPhotograph.parts(of: error)
                problems.append(
                    survey.problem(
                        ofPhotographAt: position, "the image of \(quoted: photograph.id) \(problem)", remedy))
            }
        }
        let duplicates = Duplicates(photographs, fingerprints: fingerprints)
        for group in duplicates.exact {
            let named = group.first { photographs[$0].whaleID != nil }
            for position in group {
                guard let named, let whale = photographs[named].whaleID, let other = photographs[position].whaleID,
                    whale != other
                else { continue }
                problems.append(
                    survey.problem(
                        ofPhotographAt: position,
                        "\(quoted: photographs[position].id) is the same photograph as "
                            + "\(quoted: photographs[named].id), but of \(quoted: other) instead of \(quoted: whale)",
                        "Remove one of them."))
            }
        }
        return (Opened(broken: broken, sizes: sizes, duplicates: duplicates), problems)
    }

    private static func look(at file: PhotographFile) throws -> Look {
        let digest = try Digest.ofContents(of: file.url.path)
        let size = try file.storedSize()
        let measures = try PhotographMeasures(of: file)
        return Look(
            fingerprint: Fingerprint(digest: digest, perceptualHash: measures.perceptualHash),
            size: PixelBox(x: 0, y: 0, width: size.width, height: size.height))
    }
}

extension Photograph {
    /// The problem if the size in the metadata differs from the file's, in either orientation; else nil.
    fileprivate func disagreement(with size: PixelBox) -> String? {
        guard let width, let height else { return nil }
        let stated = [width, height], found = [size.width, size.height]
        // Metadata may give the size as viewers show it, turned by the EXIF orientation.
        guard stated != found, stated != found.reversed() else { return nil }
        return "the image of \(quoted: id) has \(size.width) x \(size.height) pixels, not \(width) x \(height)"
    }
}
