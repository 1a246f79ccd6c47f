import ArgumentParser
import Basics
import Exports
import Foundation
import Workflow

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a run's results for FiftyOne, Wildbook, TensorBoard and Croissant.",
        discussion: """
            Each form has its own folder in DIR: fiftyone, a dataset with labels, boxes, embeddings and predictions; \
            wildbook, a table of the photographs returned for each query; tensorboard, the epochs of each training; \
            croissant, a description of the catalogue, for publishing it, which needs no run. Photographs stay where \
            they are. Another export into the same folder replaces only the forms that it writes.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The folder to write to: a new or an empty one, or an earlier export.") var directory: String
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("The run: its number or a tag, 'current' or 'previous'.", valueName: "run"))
    var target = "current"
    @Option(
        name: .customLong("form"),
        help: ArgumentHelp(
            "The forms, separated by commas: \(ExportCommand.names); by default all that the run has.",
            valueName: "forms"),
        transform: ExportCommand.forms)
    var forms: [ExportForm] = []
    @Option(
        help: ArgumentHelp(
            "The catalogue's licence, an address or a name, for croissant; a public set has its own.",
            valueName: "licence"))
    var licence: String?

    func run() async throws {
        let export = ProjectExport(try options.project(), run: target, forms: forms, licence: licence)
        let (files, notes) = try await export.write(to: UserPath.url(directory))
        for file in files { Terminal.print(Installation.shortened(file)) }
        for note in notes { Terminal.report("note: \(note)") }
    }

    private static var names: String { ExportForm.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func forms(_ text: String) throws -> [ExportForm] {
        try text.split(separator: ",").map { name in
            guard let form = ExportForm(rawValue: String(name)) else {
                throw ValidationError("There is no form \(quoted: name). Forms are: \(names).")
            }
            return form
        }
    }
}
