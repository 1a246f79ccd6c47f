/// What is known of a photograph besides its picture, where it matters how its animal is named.
public struct NamedPhotograph: Sendable, Equatable {
    public let id: String
    public let whaleID: String
    /// Nil where it is not known; the photograph is then an encounter of its own.
    public let encounterID: String?
    public let viewpoint: String

    /// Describes a photograph.
    public init(id: String, whaleID: String, encounterID: String?, viewpoint: String) {
        self.id = id
        self.whaleID = whaleID
        self.encounterID = encounterID
        self.viewpoint = viewpoint
    }
}

/// How alike photographs are, as far as suspicions need it.
public struct PhotographKinship: Sendable {
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
    /// For each photograph, by the animal's number, the nearest photograph of another encounter; nil where there is none.
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
}
