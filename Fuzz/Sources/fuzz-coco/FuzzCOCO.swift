import Foundation
import FuzzSupport

private let folder = FuzzFolder()

/// COCO's JSON: a catalogue or an error of ours.
@main
enum FuzzCOCO {
    static func main() {
        fuzz { input in
            folder.write(input, to: "annotations/instances_train2022.json")
            folder.read(as: .coco)
        }
    }
}
