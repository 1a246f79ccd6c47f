import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Jobs
import Matching

extension KeypointsJob {
    /// Writes the features of every photograph of the folder, or of every readable one: within the animal's outline if
    /// there is one, else within its box, else in the middle of the photograph.
    ///
    /// - Throws: `FileError`, also for a malformed outline; `CatalogError`; `ImagingError` for a broken photograph;
    ///   ``KeypointError``.
    public func perform(report: (Event) -> Void) throws {
        let catalog = try data.catalog()
        var photographs = catalog.photographs.map(catalog.file)
        if skipsBroken {
            let broken = try Set(PhotographCheck.broken(among: photographs).map(\.photograph.id))
            photographs.removeAll { broken.contains($0.id) }
        }
        let extractor = try SIFT(
            side: settings.side, count: settings.keypoints, contrast: settings.contrast,
            isUpright: settings.upright)
        let extraction = FeatureExtraction(extractor: extractor, threads: try ThreadCount.wanted()) {
            [side = settings.side, middle = settings.middle] photograph in
            if let grid = try photograph.outlineGrid(longestSide: side) {
                return .mask(try KeypointMask(width: grid.width, height: grid.height, cells: grid.cells))
            }
            // A box already leaves out most of the background.
            return .middle(share: photograph.box == nil ? middle : 1)
        }
        let output = URL(filePath: output)
        let start = ContinuousClock.now
        try extraction.write(photographs, to: output) { done in
            report(
                .progress(
                    done: done, total: photographs.count, unit: "photographs",
                    rate: Double(done) / (start.duration(to: .now) / .seconds(1)), note: nil))
        }
        let file = try FeatureFile.read(output)
        let facts = Facts(photographs: photographs.count, keypoints: file.keypointCount)
        report(.finished(facts: try JSONValue(encoding: facts)))
    }
}
