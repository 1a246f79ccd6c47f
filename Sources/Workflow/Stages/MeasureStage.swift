import Basics
import Catalog
import Foundation
import Imaging
import Results

/// Measures every photograph: size, the sharpness of its animal, exposure, and the perceptual hash that identifies
/// near-duplicates.
///
/// Training does not use it. A photograph that cannot be decoded has empty cells; the stages that need its pixels
/// report the error. Near-duplicates that are mirrored or turned are reported here, because all photographs are open.
struct MeasureStage: Stage {
    struct Inputs: StageInputs {
        let photographs: CatalogInput

        init(_ declare: inout DeclaredInputs) { photographs = declare.photographs() }
    }

    struct Options: StageOptions {
        init(_ declare: inout DeclaredOptions) {}
    }

    let name = StageName.measure
    let version = 3
    let outputs = [MeasureFiles.measures.name]

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let catalog = try inputs.photographs.catalog()
        let found = try PhotographWork.results(
            of: catalog.photographs.map(catalog.file), progress: workspace.progress
        ) { try PhotographMeasures.withTurnedHashes(of: $0) }
        let rows = zip(catalog.photographs, found).map { photograph, result in
            MeasuredPhotograph(imageID: photograph.id, measures: try? result.get().measures)
        }
        let fingerprints = zip(catalog.photographs, found).map { photograph, result in
            (try? result.get()).map { measures, turned in
                // A file's path tells it from others.
                Fingerprint(
                    digest: photograph.path, perceptualHash: measures.perceptualHash, turnedHashes: turned)
            }
        }
        let duplicates = Duplicates(catalog.photographs, fingerprints: fingerprints)
        if let note = duplicates.turnedNote(catalog.photographs) { workspace.message(note) }
        let broken = found.compactMap { result -> (any Error)? in
            if case .failure(let error) = result { error } else { nil }
        }
        if let first = broken.first {
            let count = NumberText.counted(broken.count, "photograph", "photographs")
            workspace.message("\(count) could not be measured; the first error: \(first)")
        }
        try workspace.write(rows, to: MeasureFiles.measures)
        return ["photographs": .number(Double(rows.count)), "broken": .number(Double(broken.count))]
    }
}
