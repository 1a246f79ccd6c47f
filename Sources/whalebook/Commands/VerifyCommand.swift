import ArgumentParser
import Drawing
import Foundation
import Reports
import Workflow

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Makes the numbers and figures of rendered documents anew and compares.",
        discussion: """
            Averages, ranks and intervals are counted again from the rankings and labels, never read from the \
            evaluation. Where the store has not the results that a document was made of, they are taken from the \
            reference, which 'whalebook render --reference' wrote. What differs is listed, and the exit code is 2.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The documents; without any, reports/*.book.md.") var documents: [String] = []
    @Option(help: ArgumentHelp("Where they were rendered to; without it, beside each document.", valueName: "dir"))
    var outputDir: String?
    @Option(help: ArgumentHelp("The small files of the results.", valueName: "dir"))
    var reference: String?

    func run() async throws {
        let project = try options.project()
        let layout = ProjectLayout(of: project.configuration.root, executable: Installation.executable)
        let documents =
            try self.documents.isEmpty
            ? layout.documents() : self.documents.map { URL(filePath: $0).standardizedFileURL }
        let verification = try await project.verify(
            documents, in: outputDir.map { URL(filePath: $0).standardizedFileURL }, layout: layout,
            reference: ReferenceFolder(reference.map { URL(filePath: $0) } ?? layout.reference),
            versions: Canvas.versions, isWhole: self.documents.isEmpty)
        for finding in verification.findings { Terminal.print(Installation.shortened("\(finding)")) }
        for gap in verification.gaps { Terminal.tell("not checked: \(gap)") }
        guard verification.findings.isEmpty else { throw FailureCode.no }
        Terminal.tell("verified: \(documents.map(Installation.shortened).joined(separator: ", "))")
    }
}
