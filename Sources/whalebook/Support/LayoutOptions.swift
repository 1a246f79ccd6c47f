import ArgumentParser
import Catalog
import Configuration
import Foundation

/// How a folder that is given by its path is laid out.
struct LayoutOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How the folder is laid out; told by what lies in it unless given.", valueName: "layout"))
    var layout: Layout?

    /// The folder by its absolute path, and the layout.
    func settings(of folder: String) -> DataSettings {
        DataSettings(folder: URL(filePath: folder).standardizedFileURL.path, layout: layout)
    }
}

extension Layout: ExpressibleByArgument {}
