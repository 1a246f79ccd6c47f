import Archives
import Basics
import Foundation
import FuzzSupport

private let folder = FuzzFolder()

/// Archives: files below the target within the limits, or one of Whalebook's errors and nothing at all.
@main
enum FuzzArchive {
    static func main() {
        let limit: Int64 = 1 << 20
        let place = folder.url.appending(path: "place")
        let target = place.appending(path: "unpacked")
        fuzz { input in
            folder.write(input, to: "place/archive")
            do {
                let archive = Archive(
                    place.appending(path: "archive"), limits: ArchiveLimits(bytes: limit, entries: 100))
                let contents = try archive.unpack(into: target)
                precondition(contents.bytes <= limit && contents.files > 0)
                let found = FileManager.default.enumerator(atPath: target.path)?.compactMap { $0 as? String } ?? []
                var files = 0
                for path in found {
                    var status = stat()
                    precondition(lstat(target.path + "/" + path, &status) == 0)
                    switch status.st_mode & S_IFMT {
                    case S_IFREG: files += 1
                    case S_IFDIR: break
                    default: fatalError("'\(path)' is neither a file nor a folder")
                    }
                }
                precondition(files == contents.files, "\(files) files, not \(contents.files)")
                try FileManager.default.removeItem(at: target)
            } catch is ArchiveError {
                precondition(!FileManager.default.fileExists(atPath: target.path), "a refused archive left something")
            } catch is FileError {
            } catch {
                fatalError("an error that is not Whalebook's: \(error)")
            }
            let left = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
            precondition(left == ["archive"], "\(left)")
        }
    }
}
