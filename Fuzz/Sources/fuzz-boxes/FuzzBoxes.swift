import Foundation
import FuzzSupport
import Imaging

/// Two animals with a photograph each, 32 x 16 pixels.
private let folder: FuzzFolder = {
    let folder = FuzzFolder()
    guard let picture = try? Raster(width: 32, height: 16, red: 90, green: 90, blue: 90).jpeg(quality: 80) else {
        fatalError("the picture cannot be made")
    }
    for path in ["A/1.jpg", "B/2.jpg"] { folder.write(picture, to: path) }
    return folder
}()

/// The boxes of a detector, or COCO's, with folders of photographs: a catalogue or one of Whalebook's errors.
@main
enum FuzzBoxes {
    static func main() {
        fuzz { input in
            folder.write(input, to: "boxes.json")
            folder.read(as: .folders)
        }
    }
}
