import ArgumentParser
import Configuration
import Foundation
import Workflow

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Reads a folder of photographs and writes whalebook.yaml and reports/ into the current folder.",
        discussion: """
            Prints what it found, what the folder and file names mean, and what it cannot know. It overwrites nothing. \
            Afterwards 'whalebook report' runs the workflow and renders the documents.
            """)

    @Argument(help: "The folder of photographs.") var directory: String?
    @OptionGroup var layout: LayoutOptions
    @Option(
        help: ArgumentHelp("The backbone's name in timm, or a published model: hf-hub:OWNER/NAME.", valueName: "name"))
    var backbone = ProjectSetup.backbone
    @Option(help: ArgumentHelp("Its weights: a file, or hf-hub:timm/NAME.", valueName: "file"))
    var weights: String?
    @Flag(help: "Compare the published network's features without training.") var noTraining = false
    @Flag(help: "Only write the documents into reports/.") var documents = false

    func validate() throws {
        if (directory == nil) != documents {
            throw ValidationError("Give either the folder of photographs, or --documents.")
        }
        if backbone != ProjectSetup.backbone, weights == nil, !MemberSettings(backbone: backbone).isPublished {
            throw ValidationError(
                "--backbone \(backbone) needs its --weights: a file, or hf-hub:timm/NAME.")
        }
    }

    func run() async throws {
        let here = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        guard let directory else {
            show(try BuiltInDocuments.write(into: here.appending(path: "reports")), next: "whalebook report")
            return
        }
        let setup = try ProjectSetup(
            layout.settings(of: directory), root: here, backbone: backbone,
            weights: weights ?? (backbone == ProjectSetup.backbone ? ProjectSetup.weights : nil), trains: !noTraining)
        for line in setup.findings { Terminal.print(line) }
        let file = here.appending(path: "whalebook.yaml")
        let written = try setup.write(to: file)
        if !written.contains(file) {
            Terminal.report("whalebook.yaml exists and is not changed. init would write:")
            Terminal.report("")
            Terminal.report(text: setup.configuration)
        }
        if setup.trains, written.contains(file) { try await tellEstimate(file) }
        show(written, next: "whalebook report")
    }

    /// Prints how long the training will take here. The written files stay even if the estimate fails.
    private func tellEstimate(_ file: URL) async throws {
        let project = try Project(Configuration.read(file), worker: Installation.worker)
        do {
            let estimate = try await interruptible {
                try await project.estimate(of: project.plan(), observer: TerminalObserver())
            }
            if let estimate { Terminal.print("estimate    \(estimate.summary)") }
        } catch {
            Terminal.report("No estimate: \(error)")
        }
    }

    private func show(_ written: [URL], next: String) {
        let names = written.map { Installation.shortened($0) }
        Terminal.print(
            "wrote       " + (names.isEmpty ? "nothing: every file exists" : names.joined(separator: ", ")))
        Terminal.print("Next: \(next)")
    }
}
