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
        case .notPicture(let file, let found):
            "\(file) is neither a JPEG nor a PNG picture but \(found). "
                + "Convert it to one of them, or take it out of the metadata."
        case .truncated(let file):
            "\(file) is cut short: the file ends before the picture does. Copy it again from its source."
        case .damaged(let file, let reason):
            "\(file) is damaged (\(reason)). Copy it again from its source, or take it out of the metadata."
        case .unsupported(let file, let reason):
            "\(file) is a kind of JPEG that cannot be decoded (\(reason)). "
                + "Save it again as an ordinary JPEG of 8 bits a channel."
        case .tooLarge(let file, let width, let height, let limit):
            "\(file) says it has \(width) x \(height) pixels, more than the \(limit) that are allowed. "
                + "Make it smaller, or raise the limit if it is a photograph."
        case .tooLong(let file, let width, let height, let limit):
            "\(file) says it has \(width) x \(height) pixels, but a side may have \(limit) at most. Make it smaller."
        case .outOfMemory(let file, let width, let height):
            "Memory ran out while decoding \(file) (\(width) x \(height) pixels). Free some, or make it smaller."
        case .boxOutside(let file, let box, let width, let height):
            "The box \(box.text) lies outside of \(file), which has \(width) x \(height) pixels. "
                + "Correct the box in the metadata: it is [x, y, width, height] in pixels of the stored picture."
        case .notEncoded(let width, let height, let reason):
            "A picture of \(width) x \(height) pixels cannot be written as JPEG (\(reason)). "
                + "Its sides must lie within 1 to 65500."
        }
    }
}
