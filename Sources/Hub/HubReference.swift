import Basics

/// A model of a hub: who published it, its name, and which state of it.
public struct HubReference: Sendable, Hashable, CustomStringConvertible {
    /// What a reference begins with; timm writes it so, too.
    public static let scheme = "hf-hub:"
    /// The one file of a model that is read.
    public static let file = "model.safetensors"

    /// Such as `timm`.
    public let owner: String
    /// Such as `tf_efficientnet_lite0.in1k`: an architecture, a dot, and how it was trained.
    public let name: String
    /// A branch, a tag or a commit.
    public let revision: String

    /// Reads `hf-hub:OWNER/NAME` or `hf-hub:OWNER/NAME@REVISION`.
    ///
    /// - Throws: ``HubError/badReference(_:problem:)``.
    public init(_ text: String) throws(HubError) {
        let parts = text.dropFirst(Self.scheme.count).split(
            separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard text.hasPrefix(Self.scheme), path.count == 2 else {
            throw .badReference(text, problem: "it is not of the form hf-hub:OWNER/NAME")
        }
        for part in path where !Self.isPlain(part) {
            throw .badReference(
                text, problem: "\(quoted: part) is no owner or name: letters, digits, '-', '_' and '.' make one")
        }
        let revision = parts.count == 2 ? String(parts[1]) : "main"
        guard revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ Self.isPlain($0) }) else {
            throw .badReference(text, problem: "\(quoted: revision) is no branch, tag or commit")
        }
        owner = path[0]
        name = path[1]
        self.revision = revision
    }

    /// The architecture: the name without how it was trained.
    public var architecture: String { name.split(separator: ".").first.map(String.init) ?? name }

    /// A backbone's name with the tag of these weights where it names their architecture without one: how they were
    /// trained settles what they expect of an image.
    public func tagging(_ backbone: String) -> String { backbone == architecture ? name : backbone }

    /// Whether the revision is a commit, which cannot change.
    var isPinned: Bool { revision.count == 40 && revision.allSatisfy(\.isHexDigit) }

    public var description: String {
        "\(Self.scheme)\(owner)/\(name)" + (revision == "main" ? "" : "@\(revision)")
    }

    /// Whether a text may be one part of a path: nothing that leads out of a folder, and nothing hidden.
    public static func isPlain(_ part: some StringProtocol) -> Bool {
        !part.isEmpty && !part.hasPrefix(".") && !part.contains("..")
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
