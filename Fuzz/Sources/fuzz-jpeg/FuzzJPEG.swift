import Foundation
import FuzzSupport

/// JPEG files, to which the search is led by what it starts from.
@main
enum FuzzJPEG {
    static func main() {
        fuzz { input in
            FuzzPicture.decode(input)
        }
    }
}
