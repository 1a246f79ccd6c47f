import Basics
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

    /// Decodes a JPEG file with its missing end in grey; a whole file gives the same picture as without.
    public static func salvage(_ input: Data) {
        do {
            let file = try PictureFile(input, name: "input", pixelLimit: pixelLimit, salvage: .grey)
            let salvaged = try file.decoded()
            precondition(salvaged.width == file.width && salvaged.height == file.height)
            if try file.lostShare() == nil {
                let whole = try PictureFile(input, name: "input").decoded()
                precondition(salvaged == whole)
            }
        } catch is ImagingError {
        } catch {
            fatalError("an error that is not Whalebook's: \(error)")
        }
    }
}
