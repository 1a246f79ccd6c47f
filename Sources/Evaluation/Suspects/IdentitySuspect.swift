/// Names to check: two names of one animal, or photographs that may have the wrong name; a row of `suspects.csv`.
///
/// A curator writes into the column `decision`; see ``Decision``.
public struct IdentitySuspect: Sendable, Equatable {
    /// The correction.
    public enum Kind: String, Sendable, CaseIterable {
        /// The two names become one.
        case merge
        /// Some photographs of the name get another.
        case split
    }

    /// A curator's decision.
    public enum Decision: String, Sendable, CaseIterable {
        /// Nobody has looked.
        case undecided = ""
        /// The suspicion is confirmed.
        case accept
        /// The names are correct.
        case reject
    }

    /// Another animal that is nearer to the photographs of a split than the rest of their name.
    public struct Rival: Sendable, Equatable {
        public let whaleID: String
        /// Its photograph that is nearest to one of them.
        public let imageID: String
        /// How much nearer it is; nil in files of older versions.
        public var comparison: Comparison?

        /// Names an animal and one of its photographs.
        public init(whaleID: String, imageID: String, comparison: Comparison? = nil) {
            self.whaleID = whaleID
            self.imageID = imageID
            self.comparison = comparison
        }
    }

    /// The photograph to check that is nearest to a rival, with both similarities.
    public struct Comparison: Sendable, Equatable {
        public let imageID: String
        /// Its cosine to the rival's photograph.
        public let similarity: Double
        /// The most similar photograph that keeps the name; nil if none of another encounter has the same view.
        public let keptImageID: String?
        /// Its cosine to that photograph.
        public let keptSimilarity: Double?
        /// The marks that agree with the rival's photograph; nil if marks were not matched.
        public var agreeing: Int?
        /// The marks that agree with the photograph that keeps the name.
        public var keptAgreeing: Int?

        /// Compares a photograph with a rival's and with one of its own name.
        public init(
            imageID: String, similarity: Double, kept: (imageID: String, similarity: Double)?, agreeing: Int? = nil,
            keptAgreeing: Int? = nil
        ) {
            self.imageID = imageID
            self.similarity = similarity
            keptImageID = kept?.imageID
            keptSimilarity = kept?.similarity
            self.agreeing = agreeing
            self.keptAgreeing = keptAgreeing
        }

        /// Whether more marks agree with the rival's photograph than with the other.
        public var isSupportedByMarks: Bool { agreeing ?? 0 > keptAgreeing ?? 0 }
    }

    public let kind: Kind
    public let whaleID: String
    /// The other animal; for a split, the name for the photographs that move.
    public let otherWhaleID: String
    /// The photographs that move; for a merge, the two most similar.
    public let imageIDs: [String]
    /// From 0 to 1: the share of photographs that support it, in the part where it is lower; if matched marks support it,
    /// the share by which fewer agree with the own name than with the other.
    public let score: Double
    /// The evidence, in words.
    public let evidence: String
    public let decision: Decision
    /// Nil for a merge, and in files of older versions.
    public var rival: Rival?

    /// Describes a suspicion.
    public init(
        kind: Kind, whaleID: String, otherWhaleID: String, imageIDs: [String], score: Double, evidence: String,
        decision: Decision = .undecided, rival: Rival? = nil
    ) {
        self.kind = kind
        self.whaleID = whaleID
        self.otherWhaleID = otherWhaleID
        self.imageIDs = imageIDs
        self.score = score
        self.evidence = evidence
        self.decision = decision
        self.rival = rival
    }
}

/// A photograph's metadata, as far as its name depends on them.
public struct NamedPhotograph: Sendable, Equatable {
    public let id: String
    public let whaleID: String
    /// Nil if not known; the photograph then counts as an encounter of its own.
    public let encounterID: String?
    /// ``unknownView`` if it is not recorded.
    public let viewpoint: String

    /// The view of a photograph whose view is not recorded.
    public static let unknownView = "unknown"

    /// Describes a photograph.
    public init(id: String, whaleID: String, encounterID: String?, viewpoint: String) {
        self.id = id
        self.whaleID = whaleID
        self.encounterID = encounterID
        self.viewpoint = viewpoint
    }
}

/// Similarities of photographs, as far as suspicions need them.
public struct RelatedPhotographs: Sendable {
    /// A photograph and its similarity.
    public struct Near: Sendable, Equatable {
        /// Its position.
        public let position: Int
        /// The cosine.
        public let score: Double

        /// Creates an entry.
        public init(position: Int, score: Double) {
            self.position = position
            self.score = score
        }
    }

    public let photographs: [NamedPhotograph]
    /// The animals, sorted; an animal's number is its position.
    public let animals: [String]
    /// For each photograph, by the animal's number, the nearest photograph of another encounter; nil if there is none.
    public let nearest: [[Near?]]
    /// The same among photographs of its own view.
    public let nearestInView: [[Near?]]
    /// The cosine of two photographs of one animal.
    public let similarity: @Sendable (Int, Int) -> Double

    /// Collects similarities.
    public init(
        photographs: [NamedPhotograph], animals: [String], nearest: [[Near?]], nearestInView: [[Near?]],
        similarity: @escaping @Sendable (Int, Int) -> Double
    ) {
        self.photographs = photographs
        self.animals = animals
        self.nearest = nearest
        self.nearestInView = nearestInView
        self.similarity = similarity
    }

    /// A name for photographs that leave an animal's, such as `whale-2`, which is then taken.
    func newName(for whale: String, taken: inout Set<String>) -> String {
        let name = (2...).lazy.map { "\(whale)-\($0)" }.first { !taken.contains($0) } ?? whale
        taken.insert(name)
        return name
    }
}
