import ArgumentParser
import Basics
import Configuration
import Foundation
import Jobs
import Workflow

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed", abstract: "Computes embeddings of a folder's photographs; needs no labels.",
        discussion: """
            Give --backbone, --weights and --image-size for a backbone's pooled features; --backbone alone for a \
            published model; or --checkpoint for the embeddings of a trained model. Rows are in the order of the metadata.
            """)

    @Option(help: ArgumentHelp("The folder of photographs.", valueName: "dir")) var data: String
    @OptionGroup var layout: LayoutOptions
    @OptionGroup var network: BackboneOptions
    @Option(help: ArgumentHelp("Side of the square input in pixels.", valueName: "n")) var imageSize: Int?
    @Option(help: "How photographs fill the square: stretch (the default for a name), letterbox or crop.") var fit: Fit?
    @Option(
        help: ArgumentHelp("A trained model's folder, with model.safetensors and model.json.", valueName: "dir"))
    var checkpoint: String?
    @Flag(help: "Average each embedding with that of the mirror image.") var mirror = false
    @Option(help: "Where to compute: auto, cpu, cuda or cuda:N.") var device: DeviceChoice = .auto
    @Option(help: ArgumentHelp("The .npy file to write; its image_ids go next to it.", valueName: "e.npy"))
    var output: String

    private var model: EmbedJob.Model? {
        switch (checkpoint, network.backbone, network.weights, imageSize) {
        case (let checkpoint?, nil, nil, nil) where fit == nil:
            .trained(directory: UserPath.url(checkpoint).path)
        case (nil, let backbone?, _, _):
            .backbone(MemberSettings(backbone: backbone, weights: network.weights, imageSize: imageSize, fit: fit))
        default: nil
        }
    }

    /// Whether a backbone is given with everything that it needs.
    private var isComplete: Bool {
        guard case .backbone(let member) = model else { return model != nil }
        return member.isPublished || network.weights != nil && imageSize != nil
    }

    func validate() throws {
        if URL(filePath: output).pathExtension != "npy" {
            throw ValidationError("--output \(output) does not end in .npy. Its image_ids go next to it, in a .csv.")
        }
        if network.weights == MemberWeights.unnamed {
            throw ValidationError(
                "--weights none would embed with random weights. Name a file or hf-hub:timm/NAME.")
        }
        if let imageSize { try require(imageSize, in: MemberSettings.imageSizes, "--image-size") }
        if !isComplete {
            throw ValidationError(
                "Give either --checkpoint alone; or --backbone, --weights and --image-size, optionally with --fit; or "
                    + "--backbone alone for a published model such as hf-hub:OWNER/NAME.")
        }
    }

    func run() async throws {
        guard let model else { return }
        let embedding = FolderEmbedding(
            data: layout.settings(of: data), model: model, mirror: mirror, device: device,
            output: UserPath.url(output))
        try await interruptible { try await embedding.run(Installation.worker, observer: TerminalObserver()) }
    }
}

extension DeviceChoice: ExpressibleByArgument {}
extension Fit: ExpressibleByArgument {}
