import Foundation
import Imaging

/// A picture file made of the input at hand.
public enum FuzzPicture {
    /// Small enough for many pictures a second.
    private static let pixelLimit = 1 << 18

    /// Decodes it whole and as small as can be: a picture of the size that its header says, or an error of ours.
    public static func decode(_ input: Data) {
        do {
            let file = try PictureFile(input, name: "input", pixelLimit: pixelLimit)
            let whole = try file.decoded()
            precondition(whole.width == file.width && whole.height == file.height)
            let small = try file.decoded(atLeast: 1)
            precondition(small.width <= whole.width && small.height <= whole.height)
        } catch is ImagingError {
        } catch {
            fatalError("an error that says nothing: \(error)")
        }
    }
}
