import Basics
import Evaluation
import Figures
import Results

struct SimilarityHistogramCell: CellKind {
    static let name = "similarity-histogram"
    static let summary = """
        The best similarities of queries whose animal is in the database, and of the same queries without it.
        """
    static let stages: [StageName] = [.search, .evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        let node = try context.node(.search, noting: &content)
        let threshold = try context.artefacts.read(EvaluateFiles.calibration, of: context.nodes(.evaluate)[0])
            .calibration?.threshold
        guard let counted = SimilarityHistogram(try context.artefacts.read(SearchFiles.novelty, of: node)) else {
            content.notes.append("No test query can be run both with and without its animal in the database.")
            return content
        }
        let chart = Histogram(
            horizontal: "cosine to the nearest photograph", vertical: "Queries", range: counted.range,
            series: [
                .init(name: "the animal is in the database", counts: counted.known),
                .init(name: "the animal is not", counts: counted.new),
            ],
            landmarks: threshold.map { [.init(name: "called new below \(NumberText.fixed($0, 3))", value: $0)] } ?? [],
            size: context.cell.options.figureSize(height: 3.25))
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: Self.table(counted)))]
        content.values = [
            "queries": .number(Double(counted.known.reduce(0, +))),
            "threshold": threshold.map(JSONValue.number) ?? .null,
        ]
        content.contract = SimilarityHistogram.contract
        return content
    }

    private static func table(_ counted: SimilarityHistogram) -> Table {
        let bins = counted.known.count
        let width = (counted.range.upperBound - counted.range.lowerBound) / Double(bins)
        return Table(
            columns: [
                .init("Cosine", .right), .init("Animal in the database", .right), .init("Animal not in it", .right),
            ],
            rows: (0..<bins).map { bin in
                let lower = counted.range.lowerBound + Double(bin) * width
                return [
                    .text(NumberText.interval(lower...lower + width, 2)), .text(String(counted.known[bin])),
                    .text(String(counted.new[bin])),
                ]
            })
    }
}
