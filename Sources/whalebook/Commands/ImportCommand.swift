import Basics
import ArgumentParser
import Foundation
import Workflow

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes a model or embeddings made elsewhere in the place of train or embed.",
        discussion: """
            A folder with model.safetensors and model.json stands for 'train', an .npy file for 'embed': rows in the \
            order of metadata.csv, or with the image_ids in a .csv beside it. No option makes an imported result \
            stale; --forget lets the stages do their own work again.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The model's folder, or the .npy file.") var source: String?
    @Option(help: ArgumentHelp("The member whose place it takes, where there are several.", valueName: "name"))
    var member: String?
    @Option(help: ArgumentHelp("The seed whose place it takes, where there are several.", valueName: "n"))
    var seed: Int?
    @Option(help: ArgumentHelp("The fold whose place it takes, where there are several.", valueName: "n"))
    var fold: Int?
    @Flag(help: "Forget everything imported.") var forget = false

    func validate() throws {
        if (source == nil) != forget { throw ValidationError("Give either what to import, or --forget.") }
    }

    func run() async throws {
        let project = try options.project()
        guard let source else {
            let names = try project.forgetImports()
            Terminal.tell(names.isEmpty ? "nothing was imported" : "forgot \(names.listed())")
            return
        }
        let node = try await project.importResult(
            URL(filePath: source).standardizedFileURL, member: member, seed: seed, fold: fold)
        Terminal.tell("\(source) stands for \(quoted: node.name) now; 'whalebook run' does what comes after")
    }
}
