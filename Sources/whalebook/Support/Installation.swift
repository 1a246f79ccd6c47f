import Basics
import Foundation
import Workflow

/// The running program and its folder.
enum Installation {
    static let version = "0.1.0"

    static var executable: URL { URL(filePath: "/proc/self/exe").resolvingSymlinksInPath() }

    static var worker: Worker { Worker.beside(executable: executable) }

    /// The command line, without the program's folder.
    static var command: String {
        (["whalebook"] + CommandLine.arguments.dropFirst()).map { argument in
            let isPlain = argument.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:*@+".contains($0) }
            return isPlain && !argument.isEmpty ? argument : "'\(argument.replacingScalars(["'": "'\\''"]))'"
        }.joined(separator: " ")
    }

    /// A path, relative to the current folder if it is inside it.
    static func shortened(_ url: URL) -> String { shortened(url.path) }

    /// A text, with a path at its start made relative to the current folder if it is inside it.
    static func shortened(_ text: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return text.hasPrefix(here) ? String(text.dropFirst(here.count)) : text
    }
}
