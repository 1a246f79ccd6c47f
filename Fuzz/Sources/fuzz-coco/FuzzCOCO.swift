import Foundation
import FuzzSupport

private let folder = FuzzFolder(file: "annotations/instances_train2022.json")

/// COCO's JSON: a catalogue or an error of ours.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCOCO(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    folder.read(Data(UnsafeBufferPointer(start: start, count: count)), as: .coco)
    return 0
}
