import Basics
import ArgumentParser
import Foundation
import Workflow

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Uses a model or embeddings made elsewhere instead of train or embed.",
        discussion: """
            A folder with model.safetensors and model.json replaces 'train'; an .npy file replaces 'embed', with its \
            rows in the order of metadata.csv, or of the image_ids in a .csv next to it. No option makes an imported \
            result stale; after --forget the stages do their own work again.
            """)

    @OptionGroup var options: ProjectOptions
    @Argument(help: "The model's folder, or the .npy file.") var source: String?
    @Option(help: ArgumentHelp("The member that it replaces, if there are several.", valueName: "name"))
    var member: String?
    @Option(help: ArgumentHelp("The seed that it replaces, if there are several.", valueName: "n"))
    var seed: Int?
    @Option(help: ArgumentHelp("The fold that it replaces, if there are several.", valueName: "n"))
    var fold: Int?
    @Flag(help: "Forget everything imported.") var forget = false

    func validate() throws {
        if (source == nil) != forget { throw ValidationError("Give either a folder or file to import, or --forget.") }
    }

    func run() async throws {
        let project = try options.project()
        guard let source else {
            let names = try project.forgetImports()
            Terminal.report(names.isEmpty ? "nothing was imported" : "forgot \(names.listed())")
            return
        }
        let node = try await project.importResult(
            UserPath.url(source), member: member, seed: seed, fold: fold)
        Terminal.report("\(source) now replaces \(quoted: node.name); 'whalebook run' runs the stages after it")
    }
}
