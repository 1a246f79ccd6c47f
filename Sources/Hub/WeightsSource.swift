/// Where a network's first numbers come from.
public enum WeightsSource: Sendable, Equatable {
    /// Drawn by the seed.
    case none
    /// A safetensors file.
    case file(path: String)
    /// A model of a Hugging Face hub.
    case hub(HubReference)

    /// Reads what a configuration or a command says: `none`, a path, or `hf-hub:timm/NAME[@revision]`.
    ///
    /// - Throws: ``HubError/badReference(_:problem:)``.
    public init(_ text: String) throws(HubError) {
        switch text {
        case "none": self = .none
        case _ where text.hasPrefix(HubReference.scheme): self = .hub(try HubReference(text))
        default: self = .file(path: text)
        }
    }
}
