import Basics
import Catalog
import Dispatch
import Foundation
import Imaging

/// A pod of drawn belugas: a catalogue in the competition's layout, with scenarios and their labels.
///
/// The seed alone determines whales, weather and photographs. An image's bytes depend only on the seed and its id, not
/// on other images or the number of processors.
public struct SamplePod: Sendable {
    public static let standardWhales = 64
    public static let standardImages = 800
    public static let standardSeed: UInt64 = 7

    /// A summary of the files written.
    public struct Summary: Sendable, Equatable {
        public let whales: Int
        public let images: Int
        /// The ids of the scenarios.
        public let scenarios: [String]
    }

    /// Increased whenever the same seed would give different files.
    static let generatorVersion = 2
    static let recordName = "sample.json"

    private let plan: PodPlan
    /// A factor on the images' usual size; tests draw small ones.
    var scale = 1.0

    /// Plans a pod; nothing is drawn yet.
    ///
    /// - Throws: ``SampleError`` for numbers too small to split into training and scenarios.
    public init(
        whales: Int = standardWhales, images: Int = standardImages, seed: UInt64 = standardSeed
    ) throws {
        plan = try PodPlan(whales: whales, images: images, seed: seed)
    }

    /// Draws the pod into a folder, on all processors.
    ///
    /// Writes the files to a folder next to `directory` and renames it when complete; an earlier sample is replaced.
    ///
    /// `progress` receives the number of images drawn so far, from any thread but never from two at once.
    ///
    /// - Throws: ``SampleError/folderTaken(path:)`` if the folder holds anything but a sample, or a ``FileError``.
    @discardableResult
    public func write(to directory: URL, progress: @Sendable (Int) -> Void = { _ in }) throws -> Summary {
        let folder = try SampleFolder(directory)
        let sizes = try drawImages(into: folder.partial, progress: progress)
        let photographs = zip(plan.shots, sizes).map { shot, size in
            plan.photograph(of: shot, width: size.width, height: size.height)
        }
        let catalog = Catalog(directory: folder.partial, photographs: photographs)
        let scenarios = plan.scenarios
        try catalog.writeMetadata()
        try ScenarioFiles.write(scenarios, of: catalog, to: folder.partial)
        let record: JSONValue = [
            "whales": .number(Double(plan.whales.count)), "images": .number(Double(plan.shots.count)),
            "seed": .string(String(plan.seed)), "generator": .number(Double(Self.generatorVersion)),
        ]
        try AtomicFile.write(record.text, to: folder.partial.appending(path: Self.recordName))
        try folder.finish()
        return Summary(
            whales: plan.whales.count, images: plan.shots.count, scenarios: scenarios.map(\.id))
    }

    /// Draws whale by whale, so that each hide is drawn once; the sizes are in the plan's order.
    private func drawImages(into folder: URL, progress: @Sendable (Int) -> Void) throws -> [ImageSize] {
        let shots = Dictionary(grouping: plan.shots.indices) { plan.shots[$0].whale }
        // Starts with the whales that have the most images, to balance the load.
        let whales = shots.keys.sorted { (shots[$1, default: []].count, $0) < (shots[$0, default: []].count, $1) }
        let board = ProgressBoard(count: plan.shots.count)
        DispatchQueue.concurrentPerform(iterations: whales.count) { position in
            let whale = whales[position]
            do {
                let hide = try Hide(of: plan.whales[whale])
                for index in shots[whale] ?? [] where !board.hasFailed {
                    let image = try plan.image(of: plan.shots[index], hide: hide, scale: scale)
                    let url = folder.appending(path: "images/\(plan.shots[index].id).jpg")
                    try AtomicFile.write(image.data, to: url)
                    board.finish(index, image.size, progress)
                }
            } catch { board.fail(error) }
        }
        return try board.sizes()
    }
}

struct ImageSize: Sendable {
    let width, height: Int
}

extension PodPlan {
    /// A photograph's JPEG bytes and size, determined by the seed and the photograph's id.
    func image(of shot: Shot, hide: Hide, scale: Double = 1) throws -> (data: Data, size: ImageSize) {
        var generator = SeededGenerator(seed: seed, "image", shot.id)
        var exposure = Exposure(shot.viewpoint, generator: &generator)
        exposure.longSide *= scale
        let picture = try Picture(
            of: whales[shot.whale], hide: hide, viewpoint: shot.viewpoint,
            weather: Weather(seed: seed, encounter: shot.encounterID), exposure: exposure, generator: &generator)
        let raster = picture.photographed(exposure, generator: &generator)
        return (try raster.jpeg(quality: exposure.quality), ImageSize(width: raster.width, height: raster.height))
    }
}
