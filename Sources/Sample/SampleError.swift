/// A sample that cannot be drawn.
public enum SampleError: Error, Equatable, CustomStringConvertible {
    case tooFewWhales(count: Int, least: Int)
    case tooFewImages(count: Int, whales: Int, least: Int)
    case folderTaken(path: String)

    public var description: String {
        switch self {
        case .tooFewWhales(let count, let least):
            "A pod of \(count) whales leaves too few for training, queries and databases. Ask for at least \(least)."
        case .tooFewImages(let count, let whales, let least):
            """
            \(count) images are too few for \(whales) whales: training and the scenarios each want their own. \
            Ask for at least \(least), or for fewer whales.
            """
        case .folderTaken(let path):
            """
            \(path) holds files that are no drawn sample of ours, and is left alone. \
            Name another folder, or empty this one.
            """
        }
    }
}
