import ArgumentParser
import Basics
import Foundation
import Sample
import Workflow

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Draws photographs of a pod of belugas, in the competition's layout.",
        discussion: "The same options give the same bytes. An earlier sample in the folder is replaced.")

    @Argument(help: "The folder to draw into.") var directory: String
    @Option(help: ArgumentHelp("How many whales.", valueName: "n")) var whales = SamplePod.standardWhales
    @Option(help: ArgumentHelp("How many photographs.", valueName: "n")) var images = SamplePod.standardImages
    @Option(help: ArgumentHelp("The seed of all random draws.", valueName: "s")) var seed = SamplePod.standardSeed

    func run() throws {
        let pod = try SamplePod(whales: whales, images: images, seed: seed)
        let bar = TerminalProgress()
        defer { bar.clear() }
        let summary = try pod.write(to: UserPath.url(directory)) { [images] done in
            bar.show(RunProgress(done: done, total: images, unit: "photographs"))
        }
        Terminal.print(
            """
            \(summary.images) photographs of \(summary.whales) whales in \(directory), \
            scenarios \(summary.scenarios.joined(separator: ", "))
            """)
    }
}
