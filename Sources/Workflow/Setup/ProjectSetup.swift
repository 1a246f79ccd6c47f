import Basics
import Catalog
import Configuration
import Foundation

/// Reads a folder of photographs and writes the files of a project: a commented configuration and the documents.
public struct ProjectSetup: Sendable {
    /// The findings and decisions, one readable line each.
    public let findings: [String]
    /// Whether the configuration trains a network.
    public let trains: Bool
    /// The text of `whalebook.yaml`.
    public let configuration: String

    /// The default backbone, small enough to train on a CPU.
    public static let backbone = "tf_efficientnet_lite0"
    public static let weights = "hf-hub:timm/tf_efficientnet_lite0.in1k"
    /// Random weights, for a network that is trained from scratch.
    private static let noWeights = "none"
    /// Side of the square input, pixels.
    static let imageSize = 224

    /// Reads a folder.
    ///
    /// - Parameters:
    ///   - data: The folder by its absolute path.
    ///   - root: The folder of the configuration; a folder of photographs below it is named relative to it.
    ///   - backbone: The name in timm, or a published model.
    ///   - weights: A file or `hf-hub:timm/NAME`; nil for those of a published model.
    ///   - trains: Whether to propose a training if there are enough animals.
    /// - Throws: ``FileError``, `LayoutError`, `CatalogError`, ``SetupError``.
    public init(_ data: DataSettings, root: URL, backbone: String, weights: String?, trains: Bool) throws {
        let survey = try FolderSurvey(data)
        let plan = try SetupPlan(survey, trains: trains)
        self.trains = plan.trains
        guard trains && plan.trains || weights != Self.noWeights else { throw SetupError.nothingLearnt }
        findings = SetupFindings(survey, plan, wantsTraining: trains).lines
        configuration =
            SetupText(
                survey, plan, folder: Self.relative(data.folder, to: root), backbone: backbone,
                weights: weights.map { weights in
                    weights.hasPrefix("hf-hub:") || weights == Self.noWeights
                        ? weights : Self.relative(weights, to: root)
                }
            ).text
    }

    /// Writes the configuration and the documents that do not exist yet.
    ///
    /// - Parameter file: The configuration; the documents go into `reports/` next to it.
    /// - Returns: The files written; existing ones are not changed.
    /// - Throws: ``FileError``.
    public func write(to file: URL) throws -> [URL] {
        var written: [URL] = []
        if !FileManager.default.fileExists(atPath: file.path) {
            try AtomicFile.write(configuration, to: file)
            written.append(file)
        }
        return written + (try BuiltInDocuments.write(into: file.deletingLastPathComponent().appending(path: "reports")))
    }

    private static func relative(_ path: String, to root: URL) -> String {
        let base = root.standardizedFileURL.path
        let whole = URL(filePath: path).standardizedFileURL.path
        if whole == base { return "." }
        return whole.hasPrefix(base + "/") ? String(whole.dropFirst(base.count + 1)) : whole
    }
}
