/// A sample that cannot be drawn.
public enum SampleError: Error, Equatable, CustomStringConvertible {
    case tooFewWhales(count: Int, least: Int)
    case tooFewImages(count: Int, whales: Int, least: Int)
    case tooManyImages(count: Int, most: Int)
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
        case .tooManyImages(let count, let most):
            "\(count) images are more than can be drawn. Ask for at most \(most)."
        case .folderTaken(let path):
            """
            \(path) holds files that are not a drawn sample's, and is left alone. \
            Name another folder, or empty this one.
            """
        }
    }
}
