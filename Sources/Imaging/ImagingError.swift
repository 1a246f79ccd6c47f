import Basics

/// A problem with a picture; each case says which file, what is wrong and what to do.
public enum ImagingError: Error, Equatable, Sendable, CustomStringConvertible {
    case notPicture(file: String, found: String)
    case truncated(file: String)
    case damaged(file: String, reason: String)
    case unsupported(file: String, kind: String, reason: String)
    case tooLarge(file: String, width: Int, height: Int, limit: Int)
    case tooLong(file: String, width: Int, height: Int, limit: Int)
    case outOfMemory(file: String, width: Int, height: Int)
    case boxOutside(file: String, box: PixelBox, width: Int, height: Int)
    case notEncoded(width: Int, height: Int, reason: String)

    public var description: String {
        switch self {
        case .boxOutside(let file, let box, let width, let height):
            "The box \(box.text) lies outside \(file), which has \(width) x \(height) pixels. \(remedy)"
        case .outOfMemory(let file, let width, let height):
            "Out of memory while decoding \(file) (\(width) x \(height) pixels). \(remedy)"
        case .notEncoded: "\(problem.prefix(1).uppercased())\(problem.dropFirst()). \(remedy)"
        case .notPicture(let file, _), .truncated(let file), .damaged(let file, _), .unsupported(let file, _, _),
            .tooLarge(let file, _, _, _), .tooLong(let file, _, _, _):
            "\(file) \(problem). \(remedy)"
        }
    }

    /// What is wrong, without a final full stop, for a message that already names the file.
    public var problem: String {
        switch self {
        case .notPicture(_, let found): "is not a JPEG, PNG, WebP, TIFF or HEIC picture but \(found)"
        case .truncated: "is cut short: the file ends before the picture does"
        case .damaged(_, let reason): "is damaged (\(reason.shortened()))"
        case .unsupported(_, let kind, let reason):
            "is a type of \(kind) that cannot be decoded (\(reason.shortened()))"
        case .tooLarge(_, let width, let height, let limit):
            "claims to have \(width) x \(height) pixels, more than the limit of \(limit)"
        case .tooLong(_, let width, let height, let limit):
            "claims to have \(width) x \(height) pixels, but the longest side allowed is \(limit)"
        case .outOfMemory(_, let width, let height):
            "cannot be decoded: out of memory at \(width) x \(height) pixels"
        case .boxOutside(_, let box, let width, let height):
            "has \(width) x \(height) pixels, and the box \(box.text) lies outside them"
        case .notEncoded(let width, let height, let reason):
            "a picture of \(width) x \(height) pixels cannot be written as JPEG (\(reason.shortened()))"
        }
    }

    /// What to do.
    public var remedy: String {
        switch self {
        case .notPicture: "Convert it to JPEG or PNG, or remove it from the metadata."
        case .truncated: "Copy it again from its source."
        case .damaged: "Copy it again from its source, or remove it from the metadata."
        case .unsupported: "Save it again as an ordinary JPEG with 8 bits per channel."
        case .tooLarge: "Make it smaller, or raise the limit if it is a photograph."
        case .tooLong: "Make it smaller."
        case .outOfMemory: "Free some memory, or make the picture smaller."
        case .boxOutside:
            "Correct the box in the metadata: it is [x, y, width, height] in pixels of this picture."
        case .notEncoded: "Its sides must have 1 to 65500 pixels."
        }
    }
}
