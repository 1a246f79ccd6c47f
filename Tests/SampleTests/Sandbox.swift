import Foundation

/// A folder that is removed after the test.
final class Sandbox {
    let url = FileManager.default.temporaryDirectory.appending(path: "sample-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    var pod: URL { url.appending(path: "pod") }

    /// Every file below a folder, by relative path.
    static func files(below folder: URL) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        var files: [String: Data] = [:]
        for name in names {
            let url = folder.appending(path: name)
            if (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == false {
                files[name] = try Data(contentsOf: url)
            }
        }
        return files
    }
}
