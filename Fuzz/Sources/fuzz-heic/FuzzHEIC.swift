import Foundation
import FuzzSupport

/// HEIC files, which the seeds lead the search to.
@main
enum FuzzHEIC {
    static func main() {
        fuzz { input in
            FuzzPicture.decode(input)
        }
    }
}
