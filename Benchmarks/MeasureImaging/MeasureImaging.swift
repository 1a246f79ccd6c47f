import Basics
import Foundation
import Imaging

/// Loads all photographs once for every line of input, `plain` or `augmented`, and prints the seconds of CPU time.
///
/// `Benchmarks/imaging` starts it and takes turns with Python. Arguments: the square's side, threads, and the files.
@main
struct MeasureImaging {
    private let loader: PhotographLoader
    private let photographs: [PhotographFile]
    private static let batchSize = 32

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count > 2, let size = Int(arguments[0]), let threads = Int(arguments[1]) else {
            throw MeasureError.usage
        }
        let measure = MeasureImaging(
            loader: PhotographLoader(size: size, normalisation: .imageNet, threads: threads),
            photographs: arguments[2...].map { PhotographFile(id: $0, url: URL(filePath: $0)) })
        print("ready")
        fflush(nil)
        var epoch = 0
        while let line = readLine() {
            let start = processorSeconds
            switch line {
            case "plain": try measure.load(.plain())
            case "augmented": try measure.load(.augmented(usual, seed: 1, epoch: epoch))
            default: throw MeasureError.usage
            }
            epoch += 1
            print(processorSeconds - start)
            fflush(nil)
        }
    }

    /// The configuration's defaults, with mirror images.
    private static let usual = Augmentation(
        flip: .same, crop: 0.7, brightness: 0.2, contrast: 0.2, shift: 0.2, scale: 0.5, rotate: 10, cutout: 0.4)

    private func load(_ preparation: Preparation) throws {
        let batches = loader.batches(of: photographs, batchSize: Self.batchSize, preparation: preparation)
        while try batches.next() != nil {}
    }

    /// CPU time of all threads of the process so far, seconds.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// A wrong call.
enum MeasureError: Error, CustomStringConvertible {
    case usage

    var description: String {
        "usage: measure-imaging SIDE THREADS FILE..., then lines 'plain' or 'augmented'; see Benchmarks/imaging"
    }
}
