import ArgumentParser
import Basics
import Foundation
import Preview
import Reports
import Workflow

struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Serves the rendered documents to a browser on this machine.",
        discussion: """
            Renders to HTML from existing results, runs no stage, and serves on 127.0.0.1 until Ctrl-C. When a \
            document, the configuration or a result changes, it renders again and open pages reload. Everyone logged \
            in to this machine can read the pages.
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var selection: DocumentOptions
    @Option(help: ArgumentHelp("The port; 0 takes any free one.", valueName: "n")) var port: UInt16 = 8000
    @Option(help: ArgumentHelp("The folder to write to; by default a temporary one.", valueName: "dir"))
    var outputDir: String?

    func run() async throws {
        let project = try options.project()
        let layout = ProjectLayout(of: project.configuration.root, executable: Installation.executable)
        let documents = try selection.files(layout)
        // A misspelt name is reported here and not in the browser.
        for document in documents { _ = try Document.parse(contentsOf: document) }
        let server = try PreviewServer(
            port: port,
            content: .notice(SitePage.notice(title: "Rendering", text: "This page reloads itself."), isError: false)
        )

        let temporary = outputDir == nil ? try TemporaryFolder("preview") : nil
        defer { temporary?.remove() }
        let folder = temporary?.url ?? UserPath.url(outputDir ?? ".")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

        let preview = Preview(
            server, sources: documents + [UserPath.url(options.config)] + project.resultPlaces
        ) { [options, selection] in await Self.content(options, selection, in: folder) }
        do {
            try await interruptible(notice: "interrupted") {
                try await preview.run {
                    Terminal.print("\(server.address)")
                    // Nobody could find the server without its address.
                    if StandardStream.output.failure != nil { throw ExitCode.failure }
                    Terminal.report("Press Ctrl-C to stop")
                }
            }
        } catch is CancellationError {
            throw FailureCode.interrupted
        }
    }

    /// Renders the documents; an error becomes the page.
    private static func content(
        _ options: ProjectOptions, _ selection: DocumentOptions, in folder: URL
    ) async -> PreviewServer.Content {
        do {
            var documents: [(file: String, title: String)] = []
            try await selection.render(options.project(), formats: [.html], to: folder) { result in
                result.reportFlaws()
                documents += result.outputs.map { ($0.lastPathComponent, result.title) }
            }
            Terminal.report("rendered \(documents.map(\.file).joined(separator: ", "))")
            return .folder(folder, index: SitePage.index(documents))
        } catch {
            Terminal.report(text: "error: \(visibleLines(of: error))")
            return .notice(
                SitePage.notice(title: "This cannot be rendered", text: visibleLines(of: error)), isError: true)
        }
    }
}
