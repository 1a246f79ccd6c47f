import Basics
import Foundation

/// The parts of a photograph's path.
struct PicturePath {
    /// The first folder.
    let animal: String
    /// The folders between the animal's and the photograph.
    let between: [String]
    /// The text that patterns match: the path below the animal's folder, with a leading slash.
    let below: String

    init(_ path: String) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        animal = parts[0]
        between = Array(parts.dropFirst().dropLast())
        below = "/" + parts.dropFirst().joined(separator: "/")
    }

    /// The encounter named by the folders in between, without sides; nil if nothing is left.
    var encounter: String? {
        let names = between.map(ViewWord.removed).filter { !$0.isEmpty }
        return names.isEmpty ? nil : names.joined(separator: "/")
    }
}

/// The type of picture that a file's name suggests.
enum PictureName {
    case readable, other, none

    private static let readableEndings: Set<String> = ["jpg", "jpeg", "jpe", "png"]
    private static let otherEndings: Set<String> = [
        "bmp", "gif", "heic", "heif", "jp2", "tif", "tiff", "webp", "cr2", "nef", "arw", "dng",
    ]

    init(_ name: String) {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else {
            self = .none
            return
        }
        let ending = String(name[dot...].dropFirst()).lowercased()
        self = Self.readableEndings.contains(ending) ? .readable : Self.otherEndings.contains(ending) ? .other : .none
    }
}
