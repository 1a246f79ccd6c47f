import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Results

/// A survey of a folder of photographs: what it has for a workflow, and what it lacks.
struct FolderSurvey {
    let folder: CatalogFolder
    let catalog: Catalog
    /// The number of photographs that each name pattern matches; empty for layouts with metadata.
    let patterns: [PatternMatch]
    /// The photographs and folders that were ignored, and what was read in another way than usual, in words.
    let notes: [String]
    /// What probably means something else, in words.
    let warnings: [String]
    /// The words in place of an animal's name, with counts; nil if there are none.
    let nobody: String?
    /// The median ratio of width to height in a sample; nil if no picture could be read.
    let aspect: Double?

    /// The number of animals with at least two photographs.
    let comparable: Int

    /// The number of pictures whose headers are read for their shape.
    private static let sampled = 200

    /// Reads a folder.
    ///
    /// - Throws: ``FileError``, `LayoutError`, `CatalogError`.
    init(_ settings: DataSettings) throws {
        folder = try settings.catalogFolder()
        let survey = try CatalogSurvey(folder)
        try survey.throwProblems()
        let catalog = survey.catalog
        self.catalog = catalog
        patterns = try folder.patternMatches()
        notes = survey.notes + survey.remarks
        warnings = survey.warnings.lines
        nobody = survey.nobodyNote
        let step = max(1, catalog.photographs.count / Self.sampled)
        let shapes = stride(from: 0, to: catalog.photographs.count, by: step).compactMap { position -> Double? in
            let photograph = catalog.photographs[position]
            if let box = photograph.box { return Double(box.width) / Double(box.height) }
            return (try? catalog.file(of: photograph).storedSize()).map { Double($0.width) / Double($0.height) }
        }.sorted()
        aspect = shapes.isEmpty ? nil : shapes[shapes.count / 2]
        comparable = Dictionary(grouping: catalog.photographs.compactMap(\.whaleID)) { $0 }.values.count {
            $0.count > 1
        }
    }

    var photographs: [Photograph] { catalog.photographs }
    /// The number of photographs whose animal has a name.
    var named: Int { photographs.count { $0.whaleID != nil } }
    var withEncounter: Int { photographs.count { $0.whaleID != nil && $0.encounterID != nil } }
    var withDay: Int { photographs.count { $0.date.map { Day($0) != nil } == true } }
    var withBox: Int { photographs.count { $0.box != nil } }
    /// Whether the metadata or folders say which photographs train and which are for the test.
    var hasSplit: Bool {
        let named = photographs.filter { $0.whaleID != nil }
        let parts = Set(named.map { $0.split ?? "" })
        func has(_ role: Role) -> Bool { parts.contains { Photograph.role(ofPart: $0) == role } }
        return parts.allSatisfy { Photograph.role(ofPart: $0) != nil } && has(.train) && has(.test)
    }
    /// The parts that the metadata or folders name, with their numbers of photographs.
    var parts: [(name: String, count: Int)] {
        Dictionary(grouping: photographs.compactMap(\.split)) { $0 }.map { ($0.key, $0.value.count) }
            .sorted { $0.0 < $1.0 }
    }
    var hasScenarios: Bool { ScenarioFiles.exist(in: catalog.directory) }
    /// The number of photographs of each known side.
    var views: [(view: Viewpoint, count: Int)] {
        Viewpoint.inOrder(photographs.map(\.viewpoint)).map { view in
            (view, photographs.count { $0.viewpoint == view })
        }
    }
    /// The number of photographs of unknown side.
    var withoutView: Int { photographs.count { $0.viewpoint == .unknown } }
}
