import Foundation
import FuzzSupport

/// WebP files, which the seeds lead the search to.
@main
enum FuzzWebP {
    static func main() {
        fuzz { input in
            FuzzPicture.decode(input)
        }
    }
}
