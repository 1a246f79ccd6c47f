import Foundation

/// A photograph to load: its file, the part to use, and the id that seeds its augmentation.
public struct PhotographFile: Sendable, Equatable {
    public let id: String
    public let url: URL
    /// The part of the picture that shows the animal; nil for all of it.
    public let box: PixelBox?
    /// The number of earlier uses in the epoch; each use is augmented differently.
    public private(set) var repetition = 0

    /// Creates the photograph `id` at `url`, cropped to `box`.
    public init(id: String, url: URL, box: PixelBox? = nil) {
        self.id = id
        self.url = url
        self.box = box
    }

    /// The same photograph for another use in an epoch.
    public func repeated(_ repetition: Int) -> PhotographFile {
        var copy = self
        copy.repetition = repetition
        return copy
    }
}
