import Basics
import Foundation

/// The parts of a photograph's path.
struct PicturePath {
    /// The folder of the animal: the first one, or the one below a split's folder. Empty if the photograph lies
    /// directly in a split's folder.
    let animal: String
    /// The split's folder, such as `train`; nil if there is none.
    let split: String?
    /// The folders between the animal's and the photograph.
    let between: [String]
    /// The text that patterns match: the path below the animal's folder, with a leading slash.
    let below: String

    init(_ path: String, splits: SplitFolders = .none) {
        var parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        split = splits.position(in: parts).map { parts.remove(at: $0) }
        animal = parts.count > 1 ? parts[0] : ""
        between = Array(parts.dropFirst().dropLast())
        below = "/" + parts.dropFirst(parts.count > 1 ? 1 : 0).joined(separator: "/")
    }

    /// The encounter named by the folders in between, without sides; nil if nothing is left.
    var encounter: String? {
        let names = between.map(ViewWord.removed).filter { !$0.isEmpty }
        return names.isEmpty ? nil : names.joined(separator: "/")
    }
}

/// Whether folders divide the photographs into training, validation and test, as in `train/ANNA/1.jpg`.
enum SplitFolders {
    case none
    /// `train/ANNA/1.jpg`
    case outside
    /// `ANNA/train/1.jpg`
    case inside

    /// Whether a folder's name is that of a split.
    static func isSplit(_ name: String) -> Bool { Photograph.splitRoles[name.lowercased()] != nil }

    /// Finds the splits' folders of some pictures: all first folders; or a first folder for training, with folders in
    /// it, next to one for another part; or all second folders.
    init(_ pictures: [String]) {
        let paths = pictures.map { $0.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) } }
        func isSplit(_ position: Int, of parts: [String]) -> Bool {
            parts.count > position + 1 && Self.isSplit(parts[position])
        }
        let outer = paths.filter { isSplit(0, of: $0) }
        func role(_ parts: [String]) -> Role? { Photograph.splitRoles[parts[0].lowercased()] }
        let isPair = outer.contains { role($0) == .train && $0.count > 2 } && outer.contains { role($0) != .train }
        if !outer.isEmpty, outer.count == paths.count || isPair {
            self = .outside
        } else if !paths.isEmpty, paths.allSatisfy({ isSplit(1, of: $0) }) {
            self = .inside
        } else {
            self = .none
        }
    }

    /// The position of the split's folder among the parts of a path; nil if it has none.
    func position(in parts: [String]) -> Int? {
        switch self {
        case .none: nil
        case .outside: Self.isSplit(parts[0]) ? 0 : nil
        case .inside: parts.count > 2 && Self.isSplit(parts[1]) ? 1 : nil
        }
    }
}

/// The type of picture that a file's name suggests.
public enum PictureName {
    case readable, other, none

    private static let readableEndings: Set<String> = [
        "jpg", "jpeg", "jpe", "jfif", "jif", "jfi", "pjpeg", "pjp", "png", "webp", "tif", "tiff", "heic", "heif", "hif",
    ]
    private static let otherEndings: Set<String> = [
        "bmp", "gif", "avif", "jp2", "jxl", "cr2", "cr3", "nef", "arw", "dng", "orf", "rw2", "raf",
    ]

    /// Reads the ending of a file's name, ignoring case.
    public init(_ name: String) {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else {
            self = .none
            return
        }
        let ending = String(name[dot...].dropFirst()).lowercased()
        self = Self.readableEndings.contains(ending) ? .readable : Self.otherEndings.contains(ending) ? .other : .none
    }
}
