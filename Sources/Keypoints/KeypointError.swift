import Basics

/// An error of finding keypoints.
public enum KeypointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A setting out of its range.
    case badSetting(name: String, value: String, range: String)
    /// An outline whose cells do not fit its size.
    case badMask(width: Int, height: Int, cells: Int)
    /// OpenCV has no memory for a picture.
    case outOfMemory(width: Int, height: Int)
    /// OpenCV refuses a picture.
    case failed(width: Int, height: Int, reason: String)

    public var description: String {
        switch self {
        case .badSetting(let name, let value, let range): "\(name) is \(quoted: value). Set it to \(range)."
        case .badMask(let width, let height, let cells):
            "The outline of \(width) x \(height) cells has \(cells) of them. Give one for each row and column."
        case .outOfMemory(let width, let height):
            "Out of memory while looking for keypoints in a picture of \(width) x \(height) pixels. "
                + "Free some memory, or set fewer threads with WHALEBOOK_THREADS."
        case .failed(let width, let height, let reason):
            "OpenCV cannot find keypoints in a picture of \(width) x \(height) pixels: \(reason.shortened()). "
                + "Check that the picture is not damaged."
        }
    }
}
