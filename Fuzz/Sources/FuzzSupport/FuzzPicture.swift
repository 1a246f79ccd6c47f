import Foundation
import Imaging

/// A picture file made from an input.
public enum FuzzPicture {
    /// In pixels, small enough for many pictures a second.
    private static let pixelLimit = 1 << 18

    /// Decodes it at full and at the smallest size; the result is a picture of the size in its header, or one of
    /// Whalebook's errors.
    public static func decode(_ input: Data) {
        do {
            let file = try PictureFile(input, name: "input", pixelLimit: pixelLimit)
            let whole = try file.decoded()
            precondition(whole.width == file.width && whole.height == file.height)
            let small = try file.decoded(atLeast: 1)
            precondition(small.width <= whole.width && small.height <= whole.height)
        } catch is ImagingError {
        } catch {
            fatalError("an error that is not Whalebook's: \(error)")
        }
    }
}
