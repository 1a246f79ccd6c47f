import ArgumentParser
import Basics
import Foundation
import Preview
import Reports
import Workflow

struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Shows the rendered documents in a browser of this machine.",
        discussion: """
            Renders to HTML from the results that are there, runs no stage, and serves on 127.0.0.1 until Ctrl-C. When a \
            document, the configuration or a result changes it renders again, and open pages load themselves anew. \
            Whoever is logged in to this machine can read what is served. Links to photographs lead out of what is served.
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var selection: DocumentOptions
    @Option(help: ArgumentHelp("The port; 0 takes any that is free.", valueName: "n")) var port: UInt16 = 8000
    @Option(help: ArgumentHelp("Where to write; without it, into a folder that goes at the end.", valueName: "dir"))
    var outputDir: String?

    func run() async throws {
        let project = try options.project()
        let layout = ProjectLayout(of: project.configuration.root, executable: Installation.executable)
        let documents = try selection.files(layout)
        // A misspelt name is told here and not to the browser.
        for document in documents { _ = try Document.parse(contentsOf: document) }
        let server = try PreviewServer(
            port: port,
            content: .notice(SitePage.notice(title: "Rendering", text: "This page loads itself again."), isError: false)
        )

        let temporary = outputDir == nil ? try TemporaryFolder("preview") : nil
        defer { temporary?.remove() }
        let folder = temporary?.url ?? URL(filePath: outputDir ?? ".").standardizedFileURL
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

        let preview = Preview(
            server, sources: documents + [URL(filePath: options.config)] + project.resultPlaces
        ) { [options, selection] in await Self.content(options, selection, in: folder) }
        do {
            try await interruptible(notice: "interrupted") {
                try await preview.run {
                    Terminal.print("\(server.address)")
                    // Nobody could find it.
                    if StandardStream.output.failure != nil { throw ExitCode.failure }
                    Terminal.tell("Ctrl-C ends it")
                }
            }
        } catch is CancellationError {
            throw FailureCode.interrupted
        }
    }

    /// Renders; what stands in the way of that is the page.
    private static func content(
        _ options: ProjectOptions, _ selection: DocumentOptions, in folder: URL
    ) async -> PreviewServer.Content {
        do {
            var documents: [(file: String, title: String)] = []
            try await selection.render(options.project(), formats: [.html], to: folder) { result in
                result.tellFlaws()
                documents += result.outputs.map { ($0.lastPathComponent, result.title) }
            }
            Terminal.tell("rendered \(documents.map(\.file).joined(separator: ", "))")
            return .folder(folder, index: SitePage.index(documents))
        } catch {
            Terminal.tell(text: "error: \(visibleLines(of: error))")
            return .notice(
                SitePage.notice(title: "This cannot be rendered", text: visibleLines(of: error)), isError: true)
        }
    }
}
