import Basics
import Catalog
import Foundation

/// The plan of a pod's images before drawing.
struct PodPlan: Sendable {
    /// One image to draw.
    struct Shot: Sendable {
        let id: String
        /// The whale's index in the pod.
        let whale: Int
        let encounterID: String
        let viewpoint: Viewpoint
        let date: SampleDate
        let isReserved: Bool
    }

    let seed: UInt64
    let whales: [Whale]
    /// In order of ids, which reveals neither whale nor time.
    let shots: [Shot]

    /// - Throws: ``SampleError`` for numbers that cannot form a pod.
    init(whales: Int, images: Int, seed: UInt64) throws {
        let counts = try PodCounts(whales: whales, images: images, seed: seed)
        self.seed = seed
        self.whales = Whale.pod(of: whales, seed: seed)

        var generator = SeededGenerator(seed: seed, "encounters")
        var encounters = counts.images.enumerated().map { whale, images in
            Encounter.drawn(whale: whale, images: images, generator: &generator)
        }
        _ = PodRoles(counts, encounters: &encounters, seed: seed)
        shots = Self.shots(of: encounters, whales: self.whales, seed: seed)
    }

    private static func shots(of encounters: [[Encounter]], whales: [Whale], seed: UInt64) -> [Shot] {
        var generator = SeededGenerator(seed: seed, "shots")
        var shots: [(Encounter, Viewpoint, SampleDate)] = []
        for (whale, list) in encounters.enumerated() {
            for (number, encounter) in list.sorted(by: { $0.date < $1.date }).enumerated() {
                var encounter = encounter
                encounter.id = "\(whales[whale].id)-\(padded(number, to: 3))"
                var date = encounter.date
                let side: Viewpoint = generator.chance(0.5) ? .left : .right
                for _ in 0..<encounter.imageCount {
                    let other: Viewpoint = side == .left ? .right : .left
                    let viewpoint = encounter.isLateral ? (generator.chance(0.75) ? side : other) : .top
                    shots.append((encounter, viewpoint, date))
                    date.second += generator.integer(in: 1..<25)
                }
            }
        }
        return generator.shuffled(shots).enumerated().map { number, shot in
            Shot(
                id: "train\(padded(number, to: 4))", whale: shot.0.whale, encounterID: shot.0.id, viewpoint: shot.1,
                date: shot.2, isReserved: shot.0.isReserved)
        }
    }

    /// The catalogue row of a shot with an image of this size.
    func photograph(of shot: Shot, width: Int, height: Int) -> Photograph {
        Photograph(
            id: shot.id, path: "images/\(shot.id).jpg", height: height, width: width, viewpoint: shot.viewpoint,
            date: shot.date.date, timestamp: shot.date.timestamp, whaleID: whales[shot.whale].id,
            encounterID: shot.encounterID)
    }

    static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
