import ArgumentParser
import Basics
import Catalog
import Configuration
import Foundation
import Workflow

struct IdentifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identify", abstract: "Matches new photographs against the catalogue.",
        discussion: """
            Lists the animals that each photograph may show, the likeliest first with their photographs, and the \
            probability that it is a new animal, or the reason that there is none. Uses the project's current models \
            of the first seed and fold. With --catalogue, --backbone and --weights, or with a published model as \
            --backbone, it needs no project: it compares a backbone's pooled features and reports no probability. The \
            exit code is 1 if a photograph cannot be read; the others are still matched.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "Photographs, or folders of them.") var photographs: [String]
    @Option(help: ArgumentHelp("Animals listed for each photograph.", valueName: "n")) var count = 5
    @Option(
        help: """
            How animals are ranked: best, by the nearest photograph, or mean-best-3, by the mean of the three nearest.
            """)
    var by: IdentificationQuestion.Rule = .best
    @Option(
        help: ArgumentHelp(
            "The side that the photographs show; they are compared only with that side and unknown sides.",
            valueName: "side"))
    var viewpoint: String?
    @Flag(help: "Give one answer for all: the photographs show one animal in one encounter.") var together = false
    @Option(help: ArgumentHelp("Draw a contact sheet into this file.", valueName: "sheet.png")) var sheet: String?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup(title: "Without a project") var folder: IdentifyFolderOptions

    func validate() throws {
        try require(count, in: 1...1000, "--count")
        if let sheet, URL(filePath: sheet).pathExtension.lowercased() != "png" {
            throw ValidationError("--sheet \(sheet) does not end in .png.")
        }
    }

    func run() async throws {
        let question = try IdentificationQuestion(
            photographs: photographs.map { UserPath.url($0) }, count: count, rule: by,
            viewpoint: viewpoint.map { Viewpoint($0) }, together: together)
        let identified = try await identified(question)
        if json { Terminal.print(json: identified.json.text) } else { Terminal.print(text: identified.text) }
        if let sheet {
            for page in try identified.writeSheet(to: UserPath.url(sheet)) {
                Terminal.report("wrote \(Installation.shortened(page))")
            }
        }
        let unreadable = identified.unreadable.map { "\($0.path): \($0.reason)" }
        for line in unreadable.firstLines { Terminal.report("error: \(line)") }
        if !identified.unreadable.isEmpty { throw ExitCode.failure }
    }

    private func identified(_ question: IdentificationQuestion) async throws -> Identified {
        guard let identification = folder.identification(question, skipsBroken: options.skipBroken) else {
            let identification = Identification(try options.project(), question)
            return try await interruptible { try await identification.run(observer: TerminalObserver()) }
        }
        return try await interruptible { try await identification.run(observer: TerminalObserver()) }
    }
}

/// The options that replace a project: a catalogue's folder and a backbone.
struct IdentifyFolderOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The catalogue: a folder of photographs of known animals.", valueName: "dir"))
    var catalogue: String?
    @OptionGroup var layout: LayoutOptions
    @OptionGroup var network: BackboneOptions
    @Option(help: ArgumentHelp("Side of the square input in pixels; by default the backbone's own.", valueName: "n"))
    var imageSize: Int?
    @Option(help: "How photographs fill the square: stretch (the default), letterbox or crop.") var fit: Fit?
    @Option(help: "Where to compute: auto (the default), cpu, cuda or cuda:N.") var device: DeviceChoice?

    func validate() throws {
        let isPublished = network.backbone.map { MemberSettings(backbone: $0).isPublished } ?? false
        let given =
            [("--catalogue", catalogue), ("--backbone", network.backbone)]
            + (isPublished && network.weights == nil ? [] : [("--weights", network.weights)])
        let missing = given.filter { $0.1 == nil }.map(\.0)
        let others = [
            ("--layout", layout.layout != nil), ("--links", !layout.links.isEmpty),
            ("--salvage", layout.salvage != nil), ("--image-size", imageSize != nil), ("--fit", fit != nil),
            ("--device", device != nil),
        ].filter(\.1).map(\.0)
        if !missing.isEmpty, missing.count < given.count || !others.isEmpty {
            throw ValidationError(
                "\(missing.joined(separator: " and ")) \(missing.count == 1 ? "is" : "are") missing: --catalogue, "
                    + "--backbone and --weights go together. To use a project, leave out all options of this group.")
        }
        if let imageSize { try require(imageSize, in: MemberSettings.imageSizes, "--image-size") }
    }

    /// Nil if the project is used.
    func identification(_ question: IdentificationQuestion, skipsBroken: Bool) -> FolderIdentification? {
        guard let catalogue, let backbone = network.backbone else { return nil }
        return FolderIdentification(
            layout.settings(of: catalogue),
            by: MemberSettings(backbone: backbone, weights: network.weights, imageSize: imageSize, fit: fit), question,
            worker: Installation.worker, device: device ?? .auto, skipsBroken: skipsBroken)
    }
}

extension IdentificationQuestion.Rule: ExpressibleByArgument {}
