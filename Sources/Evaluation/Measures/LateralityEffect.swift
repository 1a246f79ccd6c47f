import Basics

/// Whether a network distinguishes an animal's left side from its right, and recognises the animal from the other side.
public struct LateralityEffect: Sendable, Equatable, Codable {
    /// The similarity of photographs to their own mirror images.
    public struct Mirror: Sendable, Equatable, Codable {
        public var photographs: Int
        /// The mean cosine with the own mirror image.
        public var mirrored: Double
        /// The mean cosine with other photographs of the animal from the same side; nil if there are none.
        @OrNull public var sameAnimal: Double?
        /// The mean cosine with photographs of other animals from the same side; nil if there are none.
        @OrNull public var otherAnimals: Double?
        /// The 95% interval, by resampling animals, of `mirrored` minus `sameAnimal`, over the photographs that have
        /// both; nil with fewer than two animals.
        @OrNull public var interval: ClosedRange<Double>?

        private enum CodingKeys: String, CodingKey {
            case photographs, mirrored, interval
            case sameAnimal = "same_animal"
            case otherAnimals = "other_animals"
        }

        /// Nil if no photograph was mirrored.
        fileprivate init?(_ rows: [LateralityRow], _ bootstrap: Bootstrap) {
            let known = rows.compactMap { row in row.mirrored.map { (row: row, mirrored: $0) } }
            guard let mirrored = mean(known.map(\.mirrored)) else { return nil }
            photographs = known.count
            self.mirrored = mirrored
            sameAnimal = mean(known.compactMap(\.row.sameAnimal))
            otherAnimals = mean(known.compactMap(\.row.otherAnimals))
            interval = bootstrap.interval(
                of: known.compactMap { known in
                    known.row.sameAnimal.map { (known.row.whaleID, known.mirrored - $0) }
                })
        }

        fileprivate var sentence: String {
            let compared =
                sameAnimal.map { "; of two photographs of one side \(NumberText.fixed($0, 2))" } ?? ""
            let numbers = "(mean similarity \(NumberText.fixed(mirrored, 2))\(compared))"
            let risk = "so it may propose an animal whose other flank looks alike"
            guard let interval else {
                return "Whether the network distinguishes a photograph from its mirror image is unknown \(numbers)."
            }
            if interval.lowerBound > 0 {
                return "The network hardly distinguishes a photograph from its mirror image \(numbers), \(risk)."
            }
            return interval.upperBound < 0
                ? "The network distinguishes a flank from its mirror image \(numbers)."
                : "To the network, a mirror image is as similar as another photograph of that side \(numbers), \(risk)."
        }
    }

    /// Left and right views of one animal against left and right views of different animals.
    public struct Sides: Sendable, Equatable, Codable {
        /// Photographs of animals that are seen from both sides.
        public var photographs: Int
        public var animals: Int
        /// How often a photograph is more similar to one of the animal's other side than to one of that side of another
        /// animal; 0.5 is chance.
        public var auc: Double
        /// 95%, by resampling animals; nil with fewer than two of them.
        @OrNull public var interval: ClosedRange<Double>?
        /// The share of pairs of one animal that are of one encounter; nil if no encounter is known.
        @OrNull public var sameEncounter: Double?

        private enum CodingKeys: String, CodingKey {
            case photographs, animals, auc, interval
            case sameEncounter = "same_encounter"
        }

        /// Nil if no animal is seen from both sides.
        fileprivate init?(_ rows: [LateralityRow], _ bootstrap: Bootstrap) {
            let known = rows.compactMap { row in row.otherSide.map { (row: row, auc: $0) } }
            guard let auc = mean(known.map(\.auc)) else { return nil }
            photographs = known.count
            animals = Set(known.map(\.row.whaleID)).count
            self.auc = auc
            interval = bootstrap.interval(of: known.map { ($0.row.whaleID, $0.auc) })
            sameEncounter = mean(known.compactMap(\.row.sameEncounter))
        }

        /// The lower limit of the interval from which the evidence is not called weak. Below it the truth may be near
        /// 0.5, which is chance; the value itself is a convention.
        private static let clear = 0.6

        fileprivate var sentence: String {
            let ends = interval.map { "95% interval \(NumberText.interval($0, 2)), " } ?? ""
            let finding =
                switch interval?.lowerBound {
                case nil: "Whether it recognises animals from the other side is unknown"
                case let low? where low <= 0.5: "The data do not show that it recognises animals from the other side"
                case let low? where low < Self.clear:
                    "There is weak evidence that it recognises animals from the other side"
                default: "It recognises animals from the other side"
                }
            let encounters =
                sameEncounter.map { share in
                    share == 0
                        ? ""
                        : " Of the pairs of a left and a right view of one animal, "
                            + "\(NumberText.percent(share, 0)) are of one encounter and may share their surroundings."
                } ?? ""
            return "\(finding): left and right views of one animal are more similar than those of two animals with "
                + "probability \(NumberText.fixed(auc, 2)) (\(ends)0.5 is chance).\(encounters)"
        }
    }

    /// The model, by the name of its member.
    public var model: String
    /// Nil if no photograph was mirrored.
    @OrNull public var mirror: Mirror?
    /// Nil if no animal is seen from both sides.
    @OrNull public var sides: Sides?
    /// The finding, in a sentence for each question.
    public var sentence: String

    /// Sums up the photographs of one model.
    ///
    /// - Parameters:
    ///   - rows: The photographs.
    ///   - model: The name of the model's member.
    ///   - averagesMirror: Whether each embedding is averaged with that of the mirror image.
    ///   - resamples: Bootstrap resamples of the animals; 0 for no interval.
    ///   - seed: Fixes the resamples.
    /// - Complexity: O(photographs + resamples · animals).
    public init(_ rows: [LateralityRow], model: String, averagesMirror: Bool, resamples: Int, seed: UInt64) {
        let bootstrap = Bootstrap(resamples: resamples, seed: seed)
        self.model = model
        let mirror = Mirror(rows, bootstrap)
        let sides = Sides(rows, bootstrap)
        let first =
            mirror?.sentence
            ?? (averagesMirror
                ? "Each embedding is averaged with that of the mirror image (embed.mirror), so both are the same."
                : "No photograph that did not train could be mirrored.")
        self.mirror = mirror
        self.sides = sides
        sentence =
            "\(first) \(sides?.sentence ?? "No animal outside the training has both a left and a right view.")"
    }
}

/// A photograph that did not train: a row of `laterality.csv`.
public struct LateralityRow: Sendable, Equatable {
    public let imageID: String
    public let whaleID: String
    /// The cosine with the own mirror image; nil if the photograph was not drawn.
    public let mirrored: Double?
    /// The mean cosine with other photographs of the animal from the same side; nil if there are none.
    public let sameAnimal: Double?
    /// The mean cosine with photographs of other animals from the same side; nil if there are none.
    public let otherAnimals: Double?
    /// How often a photograph of the animal's other side is more similar than one of that side of another animal, with
    /// ties as half; nil unless there are both.
    public let otherSide: Double?
    /// The share of the animal's photographs of the other side that are of the same encounter; nil if unknown.
    public let sameEncounter: Double?

    /// Creates a row.
    public init(
        imageID: String, whaleID: String, mirrored: Double?, sameAnimal: Double?, otherAnimals: Double?,
        otherSide: Double?, sameEncounter: Double?
    ) {
        self.imageID = imageID
        self.whaleID = whaleID
        self.mirrored = mirrored
        self.sameAnimal = sameAnimal
        self.otherAnimals = otherAnimals
        self.otherSide = otherSide
        self.sameEncounter = sameEncounter
    }

    /// The probability that a similarity of one animal exceeds one of different animals, with ties as half: the area
    /// under the ROC curve; nil unless there are both.
    ///
    /// - Complexity: O(n log n).
    public static func probability(of own: [Double], above others: [Double]) -> Double? {
        BinaryMeasures.auroc(own.map { ($0, true) } + others.map { ($0, false) })
    }
}

private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
