import Basics

extension Schema {
    /// What leads from one view's embeddings to another's.
    static let bridge: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: BridgeSettings.Kind.self), "off").silentAtStandard,
        ConfigurationOption("hidden", .integer(1...65_536), 512, .when(is: [BridgeSettings.Kind.mlp])),
        ConfigurationOption("steps", .integer(count), 400, .when(is: [BridgeSettings.Kind.mlp])),
        ConfigurationOption("learning-rate", .number(positive), 1e-3, .when(is: [BridgeSettings.Kind.mlp])),
        ConfigurationOption("weight-decay", .number(positive), 0.05, .when(is: [BridgeSettings.Kind.mlp])),
        ConfigurationOption("temperature", .number(1e-3...10), 0.1, .when(is: [BridgeSettings.Kind.mlp])),
        ConfigurationOption("weight", .number(share), 0.5, .when(is: [BridgeSettings.Kind.mlp])),
        ConfigurationOption("animals", .integer(2...1_000_000), 8, .when(is: [BridgeSettings.Kind.mlp])),
    ]
}
