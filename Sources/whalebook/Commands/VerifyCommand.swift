import ArgumentParser
import Basics
import Drawing
import Foundation
import Reports
import Workflow

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recomputes the numbers and figures of rendered documents and compares them.",
        discussion: """
            Averages, ranks and intervals are computed from the rankings and labels, never read from the evaluation. \
            If the store does not have a document's results, they are read from the reference that 'whalebook render \
            --reference' wrote. Differences, and links that lead nowhere, are listed and make the exit code 2.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The documents; by default reports/*.book.md.") var documents: [String] = []
    @Option(help: ArgumentHelp("The folder with the rendered files; by default each document's.", valueName: "dir"))
    var outputDir: String?
    @Option(help: ArgumentHelp("The folder with the results' small files.", valueName: "dir"))
    var reference: String?

    func run() async throws {
        let project = try options.project()
        let layout = ProjectLayout(of: project.configuration.root, executable: Installation.executable)
        let documents =
            try self.documents.isEmpty
            ? layout.documents() : self.documents.map { UserPath.url($0) }
        let verification = try await project.verify(
            documents, in: outputDir.map { UserPath.url($0) }, layout: layout,
            reference: ReferenceFolder(reference.map { UserPath.url($0) } ?? layout.reference),
            versions: Canvas.versions, isWhole: self.documents.isEmpty)
        for finding in verification.findings { Terminal.print(Installation.shortened("\(finding)")) }
        for gap in verification.gaps { Terminal.report("not checked: \(gap)") }
        guard verification.findings.isEmpty else { throw FailureCode.no }
        Terminal.report("verified: \(documents.map(Installation.shortened).joined(separator: ", "))")
    }
}
