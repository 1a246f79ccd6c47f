import Basics
import Foundation
import Keypoints

/// Times the extraction of keypoints.
///
///     measure-keypoints OUTPUT PHOTOGRAPHS...
///
/// Reads, decodes and searches every photograph and writes one file of features, on as many threads as there are cores
/// or as WHALEBOOK_THREADS says. Prints the seconds, and the most memory in MiB.
@main
enum MeasureKeypoints {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 2 else {
            throw FileError.unreadable(path: "the command line", reason: "it is not OUTPUT PHOTOGRAPHS...")
        }
        let photographs = arguments[2...].map { PhotographFile(id: $0, url: URL(filePath: $0)) }
        let extraction = FeatureExtraction(extractor: try SIFT(), threads: try ThreadCount.wanted()) { _ in
            .middle(share: 0.6)
        }
        let seconds = try ContinuousClock().measure {
            try extraction.write(photographs, to: URL(filePath: arguments[1]))
        }
        let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
        let peak = status.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) } ?? 0
        print(seconds / .seconds(1), peak / 1024)
    }
}
