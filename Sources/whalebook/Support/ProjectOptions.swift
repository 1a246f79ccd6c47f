import ArgumentParser
import Basics
import Configuration
import Foundation
import Workflow

/// Where the project lies.
struct ProjectOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = "whalebook.yaml"

    @Flag(help: "Leave out photographs that cannot be read; 'skip-broken: true' in the file does the same.")
    var skipBroken = false

    /// Reads the configuration, with `--set` applied, and tells what of the file that leaves without a meaning.
    func project(settings: [String] = []) throws -> Project {
        let url = URL(filePath: config).standardizedFileURL
        let configuration = try Configuration.read(
            url, overrides: settings + (skipBroken ? ["skip-broken=true"] : []))
        for note in configuration.notes.map(\.description).firstLines { Terminal.tell(note) }
        return Project(configuration, worker: Installation.worker, settings: settings)
    }
}
