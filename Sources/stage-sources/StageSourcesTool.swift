import Foundation

/// Writes Swift files at build time: one digest of the sources that each stage's result depends on, and the documents.
@main
struct StageSourcesTool {
    /// Folders, and files of the workflow, whose change may change a stage's result.
    static let sources: [(stage: String, paths: [String])] = [
        // No stage: what is read of photographs that folders alone describe.
        ("listing", ["Basics/PixelBox.swift", "CJPEG", "CPNG", "Catalog", "Imaging"]),
        ("split", ["Catalog", "Workflow/Stages/SplitStage.swift"]),
        ("measure", ["CJPEG", "CPixels", "CPNG", "Imaging", "Workflow/Stages/MeasureStage.swift"]),
        ("train", ["Backbones", "CJPEG", "CPixels", "CPNG", "CTorch", "Imaging", "Networks", "Torch", "Training"]),
        (
            "embed",
            [
                "Backbones", "CJPEG", "CPixels", "CPNG", "CTorch", "Imaging", "Networks", "Torch",
                "Training/Embedder.swift",
            ]
        ),
        (
            "bridge",
            [
                "Bridging", "CTorch", "Networks", "Torch", "Workflow/Stages/LabelledEmbeddings.swift",
                "Workflow/Stages/BridgeStage.swift",
            ]
        ),
        (
            "search",
            [
                "Retrieval", "Workflow/Stages/Bridge+Search.swift", "Workflow/Stages/LabelledEmbeddings.swift",
                "Workflow/Stages/Rankings+Search.swift",
                "Workflow/Stages/SearchStage.swift",
            ]
        ),
        (
            "expand",
            [
                "Retrieval", "Workflow/Stages/LabelledEmbeddings.swift", "Workflow/Stages/Rankings+Search.swift",
                "Workflow/Stages/ExpandStage.swift",
            ]
        ),
        (
            "evaluate",
            [
                "Evaluation", "Workflow/Stages/EvaluateStage.swift", "Workflow/Stages/EvaluationReport.swift",
                "Workflow/Stages/EvaluationContract.swift",
            ]
        ),
        (
            "sweep",
            [
                "Catalog", "Evaluation", "Retrieval", "Workflow/Stages/LabelledEmbeddings.swift",
                "Workflow/Stages/Rankings+Search.swift",
                "Workflow/Stages/SweepStage.swift",
            ]
        ),
        (
            "explain",
            [
                "Backbones", "Basics/HeatMap.swift", "CJPEG", "CPixels", "CPNG", "CTorch",
                "Evaluation/ExplainedPair.swift", "Evaluation/HeatMapRow.swift", "Evaluation/QueryRow+Order.swift",
                "Imaging", "Networks", "Torch",
                "Training/ExplainJob+Perform.swift", "Training/PairExplainer.swift",
                "Workflow/Stages/ExplainStage.swift",
            ]
        ),
        (
            "reduce",
            [
                "Basics/SeededGenerator.swift", "Evaluation/EmbeddingMap.swift", "Retrieval",
                "Workflow/Stages/LabelledEmbeddings.swift", "Workflow/Stages/Rankings+Search.swift",
                "Workflow/Stages/ReduceStage.swift",
            ]
        ),
    ]

    /// `digests SOURCES OUTPUT`, or `documents OUTPUT DOCUMENT...`.
    static func main() throws {
        let arguments = CommandLine.arguments
        let isDocuments = arguments[1] == "documents"
        let text =
            isDocuments
            ? try DocumentSources.text(of: arguments.dropFirst(3).map { URL(filePath: $0) })
            : try digestText(root: URL(filePath: arguments[2]))
        let output = URL(filePath: arguments[isDocuments ? 2 : 3])
        try text.write(to: output, atomically: true, encoding: .utf8)
    }

    private static func digestText(root: URL) throws -> String {
        var text = "/// Made by stage-sources: the digests of the sources that each stage's result depends on.\n"
        text += "enum StageSources {\n    static let digests: [String: String] = [\n"
        for (stage, paths) in sources {
            text += "        \"\(stage)\": \"\(try digest(of: paths, below: root))\",\n"
        }
        return text + "    ]\n}\n"
    }

    private static func digest(of paths: [String], below root: URL) throws -> String {
        // FNV-1a: it has to notice a change, not to withstand an attack.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for path in try paths.flatMap({ try files(at: $0, below: root) }) {
            let contents = try Data(contentsOf: root.appending(path: path))
            for byte in Array((path + "\n").utf8) + contents { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func files(at path: String, below root: URL) throws -> [String] {
        let url = root.appending(path: path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        return try FileManager.default.subpathsOfDirectory(atPath: url.path)
            .filter { file in endings.contains { file.hasSuffix($0) } }
            .sorted().map { "\(path)/\($0)" }
    }

    private static let endings = [".swift", ".c", ".cpp", ".h", ".hpp"]
}
