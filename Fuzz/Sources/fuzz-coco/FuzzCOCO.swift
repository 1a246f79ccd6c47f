import Foundation
import FuzzSupport

private let folder = FuzzFolder()

/// COCO's JSON: a catalogue or one of Whalebook's errors.
@main
enum FuzzCOCO {
    static func main() {
        fuzz { input in
            folder.write(input, to: "annotations/instances_train2022.json")
            folder.read(as: .coco)
        }
    }
}
