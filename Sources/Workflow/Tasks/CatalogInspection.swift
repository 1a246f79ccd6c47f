import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Imaging
import Results

/// A look through a folder of photographs: what its metadata say, and whether its files hold to it.
public struct CatalogInspection: Sendable {
    public let survey: CatalogSurvey
    /// Of the metadata, the photographs and the scenarios, in this order.
    public let problems: ProblemList
    /// The scenarios that the folder brings; empty where it brings none or they cannot be read.
    public let scenarios: [Scenario]
    /// What opening the photographs showed; nil where they were left closed.
    public let opened: Opened?

    /// What the files of photographs showed.
    public struct Opened: Sendable {
        /// Photographs whose files cannot be decoded.
        public let broken: Int
        /// Columns and rows of the stored pictures that could be decoded.
        public let sizes: [PixelBox]
        public let duplicates: Duplicates
    }

    /// Looks through a folder.
    ///
    /// - Parameters:
    ///   - data: The folder by its absolute path, and its layout.
    ///   - opensPhotographs: Whether to read, decode and measure every file, on all processors.
    /// - Throws: `CancellationError`; ``FileError`` or ``LayoutError`` where there are no metadata that could be taken apart.
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
                            ofPhotographAt: position, problem, "Correct height and width, or put the right file there.")
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
                        "\(quoted: photographs[position].id) is the same photograph as \(quoted: photographs[named].id) but of "
                            + "\(quoted: other) instead of \(quoted: whale)", "Take one of them out."))
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
    /// What is wrong where the metadata tell another size than the file has, lying or upright; else nil.
    fileprivate func disagreement(with size: PixelBox) -> String? {
        guard let width, let height else { return nil }
        let told = [width, height], found = [size.width, size.height]
        // Metadata may tell the sides as a viewer shows them, turned by EXIF's orientation.
        guard told != found, told != found.reversed() else { return nil }
        return "the image of \(quoted: id) has \(size.width) x \(size.height) pixels, not \(width) x \(height)"
    }
}

/// Finds photographs whose file, byte for byte, a catalogue has already.
struct CataloguedFiles {
    /// The photographs of the catalogue by the size of their file, since only files of one size can be the same.
    private let bySize: [Int: [Photograph]]
    private let catalog: Catalog

    /// Looks at the sizes of the catalogue's files; one that is not there is the same as none.
    init(_ catalog: Catalog) {
        self.catalog = catalog
        let sized = catalog.photographs.compactMap { photograph in
            Self.size(of: catalog.file(of: photograph).url).map { (size: $0, photograph: photograph) }
        }
        bySize = Dictionary(grouping: sized, by: \.size).mapValues { $0.map(\.photograph) }
    }

    /// The photographs of the catalogue that are the same file, in its order.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read.
    func same(as url: URL) throws -> [Photograph] {
        guard let size = Self.size(of: url), let alike = bySize[size] else { return [] }
        let digest = try Digest.ofContents(of: url.path)
        return try alike.filter { photograph in
            try FileError.attempt { try Digest.ofContents(of: catalog.file(of: photograph).url.path) } == digest
        }
    }

    private static func size(of url: URL) -> Int? {
        try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey]).fileSize
    }
}
