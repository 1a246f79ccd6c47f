/// The section `reduce`: the map of the embeddings in the plane.
public struct ReduceSettings: Sendable, Codable, Equatable {
    /// At most so many are mapped, drawn from all; 0 for no map. Memory grows with their square: 6000 take 300 MB.
    public var photographs: Int
    /// Of t-SNE: effective neighbours of a photograph.
    public var perplexity: Double
    /// Of t-SNE.
    public var steps: Int
}
