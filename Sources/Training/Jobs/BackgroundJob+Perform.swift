import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Jobs
import Torch

extension BackgroundJob {
    /// Embeds the photographs and writes ``BackgroundJob/Files``; a file whose photographs are none is not written.
    ///
    /// - Throws: ``FileError``, also for a malformed outline; ``CatalogError``, ``ImagingError``, ``TorchError``.
    public func perform(report: (Event) -> Void) throws {
        let device = try device.resolved()
        let catalog = try data.catalog()
        func photographs(_ ids: [String]) -> [PhotographFile] { ids.compactMap { catalog[$0].map(catalog.file) } }
        let divided = try photographs(painted).compactMap { photograph in
            try photograph.animalRegion().map { (photograph: photograph, region: $0) }
        }
        let passes: [(file: String, photographs: [PhotographFile], isMirrored: Bool)] = [
            (Files.animal, divided.map { $0.photograph.painted(.background) }, false),
            (Files.background, divided.map { $0.photograph.painted(.animal) }, false),
            (Files.mirrored, photographs(mirrored), true),
        ].filter { !$0.photographs.isEmpty }
        let folder = URL(filePath: output)
        try AtomicFile.write(
            CSVTable.text(
                header: ["image_id", "region"], rows: divided.map { [$0.photograph.id, $0.region.rawValue] }),
            to: folder.appending(path: Files.regions))
        let total = passes.reduce(0) { $0 + $1.photographs.count }
        let embedder = try EmbedJob.embedder(model, mirror: mirror, computing: precision, on: device)
        let start = ContinuousClock.now
        var before = 0
        for pass in passes {
            let matrix = try embedder.rows(of: pass.photographs, mirrored: pass.isMirrored) { done in
                report(
                    .progress(
                        done: before + done, total: total, unit: "photographs",
                        rate: Double(before + done) / start.elapsedSeconds, note: nil))
            }
            try matrix.write(to: folder.appending(path: pass.file))
            before += pass.photographs.count
        }
        report(.finished(facts: ["photographs": .number(Double(total))]))
    }
}
