import ArgumentParser
import Configuration
import Foundation
import Workflow

/// Where the project lies.
struct ProjectOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = "whalebook.yaml"

    /// Reads the configuration, with `--set` applied.
    func project(settings: [String] = []) throws -> Project {
        let url = URL(filePath: config).standardizedFileURL
        return Project(
            try Configuration.read(url, overrides: settings), worker: Installation.worker, settings: settings)
    }
}
