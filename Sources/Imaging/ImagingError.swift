import Basics

/// What can go wrong with a picture; each case says which file, what is the matter and what to do.
public enum ImagingError: Error, Equatable, Sendable, CustomStringConvertible {
    case notPicture(file: String, found: String)
    case truncated(file: String)
    case damaged(file: String, reason: String)
    case unsupported(file: String, reason: String)
    case tooLarge(file: String, width: Int, height: Int, limit: Int)
    case tooLong(file: String, width: Int, height: Int, limit: Int)
    case outOfMemory(file: String, width: Int, height: Int)
    case boxOutside(file: String, box: PixelBox, width: Int, height: Int)
    case notEncoded(width: Int, height: Int, reason: String)

    public var description: String {
        switch self {
        case .boxOutside(let file, let box, let width, let height):
            "The box \(box.text) lies outside of \(file), which has \(width) x \(height) pixels. \(remedy)"
        case .outOfMemory(let file, let width, let height):
            "Memory ran out while decoding \(file) (\(width) x \(height) pixels). \(remedy)"
        case .notEncoded: "\(problem.prefix(1).uppercased())\(problem.dropFirst()). \(remedy)"
        case .notPicture(let file, _), .truncated(let file), .damaged(let file, _), .unsupported(let file, _),
            .tooLarge(let file, _, _, _), .tooLong(let file, _, _, _):
            "\(file) \(problem). \(remedy)"
        }
    }

    /// What is wrong, without the file's name and without a point at the end, for a message that has named it already.
    public var problem: String {
        switch self {
        case .notPicture(_, let found): "is neither a JPEG nor a PNG picture but \(found)"
        case .truncated: "is cut short: the file ends before the picture does"
        case .damaged(_, let reason): "is damaged (\(reason.shortened()))"
        case .unsupported(_, let reason): "is a kind of JPEG that cannot be decoded (\(reason.shortened()))"
        case .tooLarge(_, let width, let height, let limit):
            "says it has \(width) x \(height) pixels, more than the \(limit) that are allowed"
        case .tooLong(_, let width, let height, let limit):
            "says it has \(width) x \(height) pixels, but a side may have \(limit) at most"
        case .outOfMemory(_, let width, let height):
            "cannot be decoded: memory ran out at \(width) x \(height) pixels"
        case .boxOutside(_, let box, let width, let height):
            "has \(width) x \(height) pixels, and the box \(box.text) lies outside of them"
        case .notEncoded(let width, let height, let reason):
            "a picture of \(width) x \(height) pixels cannot be written as JPEG (\(reason.shortened()))"
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .notPicture: "Convert it to one of them, or take it out of the metadata."
        case .truncated: "Copy it again from its source."
        case .damaged: "Copy it again from its source, or take it out of the metadata."
        case .unsupported: "Save it again as an ordinary JPEG of 8 bits a channel."
        case .tooLarge: "Make it smaller, or raise the limit if it is a photograph."
        case .tooLong: "Make it smaller."
        case .outOfMemory: "Free some, or make it smaller."
        case .boxOutside:
            "Correct the box in the metadata: it is [x, y, width, height] in pixels of the stored picture."
        case .notEncoded: "Its sides must lie within 1 to 65500."
        }
    }
}
