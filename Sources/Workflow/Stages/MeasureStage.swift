import Basics
import Catalog
import Configuration
import Foundation
import Imaging

/// Measures every photograph: its size, how sharp and how bright it is, and the hash that near-duplicates are told by.
///
/// Nothing is trained on it. A photograph that cannot be decoded has empty cells; the stages that need its pixels say
/// so.
struct MeasureStage: Stage {
    static let measureFile = "measures.csv"

    let name = StageName.measure
    let version = 1
    let options: [String] = []
    let inputs: [StageName: [String]] = [:]
    let data: Set<DataPart> = [.metadata, .photographs]
    let outputs = [measureFile]

    private static let columns = [
        "image_id", "width", "height", "sharpness", "exposure", "clipped_dark", "clipped_bright", "perceptual_hash",
    ]

    func perform(_ context: StageContext) async throws -> JSONValue {
        let catalog = try context.configuration.resolvedData.catalog()
        let photographs = catalog.photographs.map(catalog.file)
        let found = try PhotographWork.results(of: photographs, progress: context.progress) {
            try PhotographMeasures(of: $0)
        }
        var rows: [[String]] = []
        var broken: [any Error] = []
        for (photograph, result) in zip(photographs, found) {
            switch result {
            case .success(let measures): rows.append([photograph.id] + measures.cells)
            case .failure(let error):
                rows.append([photograph.id] + Array(repeating: "", count: Self.columns.count - 1))
                broken.append(error)
            }
        }
        if let first = broken.first {
            let count = NumberText.counted(broken.count, "photograph", "photographs")
            context.message("\(count) could not be measured, the first since: \(first)")
        }
        try AtomicFile.write(
            CSVTable.text(header: Self.columns, rows: rows), to: context.output(Self.measureFile))
        return ["photographs": .number(Double(photographs.count)), "broken": .number(Double(broken.count))]
    }
}

extension PhotographMeasures {
    /// In the order of the file's columns behind image_id.
    fileprivate var cells: [String] {
        [String(width), String(height)]
            + [NumberText.fixed(sharpness, 2)] + [exposure, clippedDark, clippedBright].map { NumberText.fixed($0, 5) }
            + [Fingerprint.text(ofPerceptualHash: perceptualHash)]
    }
}
