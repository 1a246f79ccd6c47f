/// A licence of published weights.
public enum Licence {
    private static let names = [
        "apache-2.0": "Apache-2.0", "mit": "MIT", "cc-by-nc-4.0": "CC BY-NC 4.0", "cc-by-4.0": "CC BY 4.0",
        "dinov3-license": "DINOv3 License",
        "fair-noncommercial-research-license": "FAIR Noncommercial Research License",
    ]

    /// The name of the licence that a hub's identifier stands for; an unknown identifier unchanged.
    public static func name(of identifier: String) -> String { names[identifier.lowercased()] ?? identifier }
}
