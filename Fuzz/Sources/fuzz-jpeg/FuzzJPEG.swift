import Foundation
import Imaging

/// Small enough for many pictures a second.
private let pixelLimit = 1 << 18

/// JPEG files: a picture of the size that its header says, at every scale, or an error of ours.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJPEG(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        let input = Data(UnsafeBufferPointer(start: start, count: count))
        let file = try JPEGFile(input, name: "input.jpg", pixelLimit: pixelLimit)
        let whole = try file.decoded()
        precondition(whole.width == file.width && whole.height == file.height)
        let small = try file.decoded(atLeast: 1)
        precondition(small.width <= whole.width && small.height <= whole.height)
    } catch is ImagingError {
    } catch {
        fatalError("an error that says nothing: \(error)")
    }
    return 0
}
