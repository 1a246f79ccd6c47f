import ArgumentParser
import Foundation
import Workflow

struct IdentifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identify", abstract: "Matches new photographs against the catalogue.",
        discussion: """
            Tells for each photograph the animals that it may show, the likeliest first with their photographs, and the \
            probability that it is a new one. It takes the current models of the project, those of the first seed and \
            fold. Exit code 1 where a photograph cannot be read; the others are told all the same.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "Photographs, or folders of them.") var photographs: [String]
    @Option(help: ArgumentHelp("Animals told of each photograph.", valueName: "n")) var count = 5
    @Option(help: ArgumentHelp("Draws a contact sheet.", valueName: "sheet.png")) var sheet: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if count < 1 { throw ValidationError("--count \(count) is less than 1.") }
        if let sheet, URL(filePath: sheet).pathExtension.lowercased() != "png" {
            throw ValidationError("--sheet \(sheet) does not end in .png.")
        }
    }

    func run() async throws {
        let identification = try Identification(
            options.project(), photographs: photographs.map { URL(filePath: $0).standardizedFileURL }, count: count)
        let identified = try await interruptible { try await identification.run(observer: TerminalObserver()) }
        print(json ? identified.json.text : identified.text, terminator: "")
        if let sheet {
            for page in try identified.writeSheet(to: URL(filePath: sheet).standardizedFileURL) {
                Terminal.tell("wrote \(Installation.shortened(page))")
            }
        }
        for photograph in identified.unreadable { Terminal.tell("error: \(photograph.path): \(photograph.reason)") }
        if !identified.unreadable.isEmpty { throw ExitCode.failure }
    }
}
