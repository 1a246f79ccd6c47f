import Torch

/// The square patches that a transformer cuts an image into.
struct Patches {
    /// The transformer's name in messages.
    let owner: String
    /// Side of a patch, pixels.
    let side: Int

    /// The number of patches of an image in each direction.
    ///
    /// - Throws: ``PatchError/partial(owner:side:height:width:)``.
    func grid(height: Int, width: Int) throws -> (height: Int, width: Int) {
        guard height >= side, width >= side, height % side == 0, width % side == 0 else {
            throw PatchError.partial(owner: owner, side: side, height: height, width: width)
        }
        return (height / side, width / side)
    }
}

/// An image that a transformer cannot cut into patches.
public enum PatchError: Error, Equatable, CustomStringConvertible {
    case partial(owner: String, side: Int, height: Int, width: Int)

    public var description: String {
        switch self {
        case .partial(let owner, let side, let height, let width):
            let sides = [height, width].map { max(1, ($0 + side / 2) / side) * side }
            return "\(owner) cuts images into patches of \(side) pixels, but this one is \(height) high and \(width) "
                + "wide. Make it \(sides[0]) by \(sides[1])."
        }
    }
}
