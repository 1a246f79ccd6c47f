import Foundation

/// A photograph to load: its file, the part of it that counts, and the id that its randomness follows.
public struct PhotographFile: Sendable, Equatable {
    public let id: String
    public let url: URL
    /// The part of the picture that shows the animal; nil for all of it.
    public let box: PixelBox?

    /// The photograph `id` at `url`, or what `box` cuts out of it.
    public init(id: String, url: URL, box: PixelBox? = nil) {
        self.id = id
        self.url = url
        self.box = box
    }
}
