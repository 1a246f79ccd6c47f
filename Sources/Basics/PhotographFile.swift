import Foundation

/// A photograph to load: its file, the part of it that counts, and the id that its randomness follows.
public struct PhotographFile: Sendable, Equatable {
    public let id: String
    public let url: URL
    /// The part of the picture that shows the animal; nil for all of it.
    public let box: PixelBox?
    /// How often an epoch had it before: each time it is changed at random otherwise.
    public private(set) var repetition = 0

    /// The photograph `id` at `url`, or what `box` cuts out of it.
    public init(id: String, url: URL, box: PixelBox? = nil) {
        self.id = id
        self.url = url
        self.box = box
    }

    /// The same photograph for another time in an epoch.
    public func repeated(_ repetition: Int) -> PhotographFile {
        var copy = self
        copy.repetition = repetition
        return copy
    }
}
