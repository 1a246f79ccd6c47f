/// How similar a photograph is to the others of its animal and view: a row of `typical.csv`.
public struct TypicalPhotograph: Sendable, Equatable {
    public let imageID: String
    /// The mean cosine.
    public let similarity: Double

    /// Creates a row.
    public init(imageID: String, similarity: Double) {
        self.imageID = imageID
        self.similarity = similarity
    }
}

extension RelatedPhotographs {
    /// The photographs whose animal has another one of their view, in the order of ``photographs``. The most similar one
    /// of an animal and view is their medoid.
    ///
    /// - Complexity: O(Σ n²) for n photographs of an animal and view.
    public func typicalPhotographs() -> [TypicalPhotograph] {
        struct Key: Hashable { let whale, view: String }
        let groups = Dictionary(grouping: photographs.indices) {
            Key(whale: photographs[$0].whaleID, view: photographs[$0].viewpoint)
        }
        return photographs.indices.compactMap { position in
            let photograph = photographs[position]
            let group = groups[Key(whale: photograph.whaleID, view: photograph.viewpoint)] ?? []
            guard group.count > 1 else { return nil }
            let sum = group.reduce(0.0) { $1 == position ? $0 : $0 + similarity(position, $1) }
            return TypicalPhotograph(imageID: photograph.id, similarity: sum / Double(group.count - 1))
        }
    }
}
