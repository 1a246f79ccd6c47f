import Foundation
import FuzzSupport

/// TIFF files, which the seeds lead the search to.
@main
enum FuzzTIFF {
    static func main() {
        fuzz { input in
            FuzzPicture.decode(input)
        }
    }
}
