import Foundation
import FuzzSupport

/// JPEG files, to which the search is led by what it starts from.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJPEG(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzPicture.decode(Data(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
