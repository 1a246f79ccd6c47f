import Basics
import Foundation
import Workflow

/// The running program, and what lies beside it.
enum Installation {
    static let version = "0.1.0"

    static var executable: URL { URL(filePath: "/proc/self/exe").resolvingSymlinksInPath() }

    static var worker: Worker { Worker.beside(executable: executable) }

    /// The command as it was given, without the program's folder.
    static var command: String {
        (["whalebook"] + CommandLine.arguments.dropFirst()).map { argument in
            let isPlain = argument.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:*@+".contains($0) }
            return isPlain && !argument.isEmpty ? argument : "'\(argument.replacingScalars(["'": "'\\''"]))'"
        }.joined(separator: " ")
    }

    /// A path relative to the present folder where it lies in it.
    static func shortened(_ url: URL) -> String { shortened(url.path) }

    /// A text that may begin with a path, which is made relative to the present folder where it lies in it.
    static func shortened(_ text: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return text.hasPrefix(here) ? String(text.dropFirst(here.count)) : text
    }
}
