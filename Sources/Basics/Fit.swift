/// How a picture of any shape becomes a square.
public enum Fit: String, Sendable, Codable, CaseIterable {
    /// The sides are stretched apart: nothing is lost but the shape.
    case stretch
    /// The longer side fills the square, in the middle of two black bars: shape and all of the picture are kept.
    case letterbox
    /// The middle of the picture, as wide as high: the shape is kept, the ends of the longer side are lost.
    case crop
}
