/// What tells whether two photographs are the same picture.
public struct Fingerprint: Sendable, Equatable {
    /// Of the file's bytes; nil where it is not known.
    public var digest: String?
    /// Of what the picture shows, 64 bits: two pictures are the more alike the fewer bits differ; nil where it is not
    /// known.
    public var perceptualHash: UInt64?

    /// Creates a fingerprint.
    public init(digest: String? = nil, perceptualHash: UInt64? = nil) {
        self.digest = digest
        self.perceptualHash = perceptualHash
    }
}
