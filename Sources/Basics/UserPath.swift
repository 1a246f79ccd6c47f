import Foundation

/// Paths as people write them.
public enum UserPath {
    private static let homes = ["~", "$HOME", "${HOME}"]

    /// The path with the home folder in place of `~`, `$HOME` or `${HOME}` at its start.
    ///
    /// A shell does this for arguments, but not for a configuration, nor after the `=` of `--data=~/whales`.
    public static func expanded(
        _ path: String, home: String = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
    ) -> String {
        for start in homes where path == start || path.hasPrefix(start + "/") {
            return home + path.dropFirst(start.count)
        }
        return path
    }

    /// The file or folder at a path, relative to the working folder.
    public static func url(_ path: String) -> URL { URL(filePath: expanded(path)).standardizedFileURL }
}
