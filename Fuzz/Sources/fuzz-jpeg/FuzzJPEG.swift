import Foundation
import FuzzSupport

/// JPEG files, which the seeds lead the search to.
@main
enum FuzzJPEG {
    static func main() {
        fuzz { input in
            FuzzPicture.decode(input)
            FuzzPicture.salvage(input)
        }
    }
}
