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
        public let sizes: [PictureSides]
        /// The duplicates among the photographs.
        public let duplicates: Duplicates
        /// The pictures to which the boxes belong.
        public let boxes: BoxOrigins
        /// The photographs whose missing part is filled with grey, as positions, and its share of the rows.
        public let salvaged: [(position: Int, lost: Double)]
    }

    /// The pictures to which the boxes of photographs with an EXIF orientation belong, as positions.
    public struct BoxOrigins: Sendable, Equatable {
        /// Boxes of the displayed picture, because the metadata's sides fit only that.
        public internal(set) var displayed: [Int] = []
        /// Boxes taken as those of the stored picture, because nothing decides.
        public internal(set) var assumed: [Int] = []
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

    /// The findings in one file.
    fileprivate struct Look: Sendable {
        let fingerprint: Fingerprint
        let size: PictureSides
        let orientation: Orientation
        let isBoxDisplayed: Bool
        /// The missing share of its rows; nil for a whole file.
        let lost: Double?
        /// What is wrong with the animal's outline; nil if nothing is.
        let outlineFlaw: FileError?
    }

    private static func open(
        _ survey: CatalogSurvey, progress: @Sendable (RunProgress) -> Void
    ) throws -> (Opened, ProblemList) {
        let photographs = survey.catalog.photographs
        let looks = try PhotographWork.results(of: survey.present, progress: progress) { position in
            try Self.look(at: survey.catalog.file(of: photographs[position]))
        }
        var fingerprints = [Fingerprint?](repeating: nil, count: photographs.count)
        var sizes: [PictureSides] = []
        var problems = ProblemList()
        var boxes = BoxOrigins()
        var salvaged: [(position: Int, lost: Double)] = []
        var broken = 0
        for (position, look) in zip(survey.present, looks) {
            let photograph = photographs[position]
            switch look {
            case .success(let look):
                fingerprints[position] = look.fingerprint
                sizes.append(look.size)
                if let lost = look.lost { salvaged.append((position, lost)) }
                if case .malformed(_, _, let problem, let remedy) = look.outlineFlaw {
                    problems.append(survey.problem(ofPhotographAt: position, problem, remedy))
                }
                if look.isBoxDisplayed {
                    boxes.displayed.append(position)
                } else if photograph.box != nil, photograph.isAmbiguous(in: look) {
                    boxes.assumed.append(position)
                }
                if let problem = photograph.disagreement(with: look) {
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
        let opened = Opened(broken: broken, sizes: sizes, duplicates: duplicates, boxes: boxes, salvaged: salvaged)
        return (opened, problems)
    }

    private static func look(at file: PhotographFile) throws -> Look {
        let digest = try Digest.ofContents(of: file.url.path)
        let picture = try PictureHead(at: file.url).picture()
        let (measures, turned) = try PhotographMeasures.withTurnedHashes(of: file)
        var outlineFlaw: FileError?
        do throws(FileError) { try file.checkOutline(in: picture) } catch { outlineFlaw = error }
        return Look(
            fingerprint: Fingerprint(
                digest: digest, perceptualHash: measures.perceptualHash, turnedHashes: turned),
            size: PictureSides(width: picture.storedWidth, height: picture.storedHeight),
            orientation: picture.orientation,
            isBoxDisplayed: file.box != nil && picture.isBoxDisplayed(with: file.sides),
            lost: file.salvage == .off ? nil : try PictureFile(at: file.url).lostShare(), outlineFlaw: outlineFlaw)
    }
}

extension Photograph {
    /// The problem if the size in the metadata differs from the file's, in either orientation; else nil.
    ///
    /// Metadata may give the size of the displayed picture, turned by the EXIF orientation. Sides swapped for no reason
    /// do no harm without a box; a box would belong to another picture.
    fileprivate func disagreement(with look: CatalogInspection.Look) -> String? {
        guard let width, let height else { return nil }
        let stated = [width, height], found = [look.size.width, look.size.height]
        let maySwap = look.orientation.swapsSides || box == nil
        guard stated != found, !maySwap || stated != found.reversed() else { return nil }
        return
            "the image of \(quoted: id) has \(look.size.width) x \(look.size.height) pixels, not \(width) x \(height)"
    }

    /// Whether nothing decides if a box is of the stored or of the displayed picture, which differ.
    fileprivate func isAmbiguous(in look: CatalogInspection.Look) -> Bool {
        guard look.orientation != .upright else { return false }
        let isSquare = look.size.width == look.size.height
        return width == nil || height == nil || isSquare || !look.orientation.swapsSides
    }
}
