/// The positions of photographs on maps of their embeddings: `embedding-map.csv`.
public struct EmbeddingMap: Sendable, Equatable {
    /// The positions of a photograph.
    public struct Row: Sendable, Equatable {
        public let imageID: String
        /// Along the first two principal components.
        public let components: SIMD2<Double>
        /// By t-SNE, where directions and long distances have no meaning.
        public let neighbourhood: SIMD2<Double>

        /// Creates a row.
        public init(imageID: String, components: SIMD2<Double>, neighbourhood: SIMD2<Double>) {
            self.imageID = imageID
            self.components = components
            self.neighbourhood = neighbourhood
        }
    }

    public let rows: [Row]

    /// Creates a map.
    public init(rows: [Row]) { self.rows = rows }

    /// How many photographs of each group have their nearest neighbour in their own group. `place` gives a row's
    /// position on one of the two maps.
    ///
    /// - Complexity: O(N²).
    public func agreement<Group: Hashable>(
        by place: (Row) -> SIMD2<Double>, group: (Row) -> Group
    ) -> [Group: Int] {
        let groups = rows.map(group)
        return neighbours(by: place).enumerated().reduce(into: [:]) { counts, entry in
            guard let nearest = entry.element, groups[nearest] == groups[entry.offset] else { return }
            counts[groups[nearest], default: 0] += 1
        }
    }

    /// The row nearest to each row on one of the two maps; nil if there is only one row.
    ///
    /// - Complexity: O(N²).
    public func neighbours(by place: (Row) -> SIMD2<Double>) -> [Int?] {
        let places = rows.map(place)
        return places.enumerated().map { own, point in
            var nearest: (index: Int, distance: Double)?
            for (other, place) in places.enumerated() where other != own {
                let difference = place - point
                let distance = (difference * difference).sum()
                if distance < nearest?.distance ?? .infinity { nearest = (other, distance) }
            }
            return nearest?.index
        }
    }
}
