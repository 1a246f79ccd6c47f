import Basics

extension Schema {
    /// The choices that `sweep` measures.
    static let sweep: [ConfigurationOption] = [
        ConfigurationOption("neighbours", .list(.integer(count), allowsEmpty: false), [1, 2, 3, 5, 10]),
        ConfigurationOption("alpha", .list(.number(positive), allowsEmpty: false), [0, 1, 3, 5]),
    ]

    /// The heat maps.
    static let explain: [ConfigurationOption] = [
        ConfigurationOption("queries", .integer(0...1000), 6),
        ConfigurationOption("map", .choice(of: ExplainSettings.Map.self), "earlier"),
    ]

    /// The embeddings' map in the plane.
    static let reduce: [ConfigurationOption] = [
        ConfigurationOption("photographs", .integer(0...20_000), 6000),
        ConfigurationOption("perplexity", .number(1...1000), 30),
        ConfigurationOption("steps", .integer(count), 1000),
    ]

    static let standardExpansion: JSONValue = [
        "kind": "alpha-qe", "neighbours": 3, "alpha": 3, "exponent": 7, "k1": 20, "k2": 6, "lambda": 0.3,
    ]

    /// One entry of the section `expand`.
    static let expansion: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: ExpansionSettings.Kind.self), nil),
        ConfigurationOption(
            "neighbours", .integer(count), 3,
            .when(is: [ExpansionSettings.Kind.alphaQE, .averageQE, .databaseAugmentation])),
        ConfigurationOption(
            "alpha", .number(positive), 3, .when(is: [ExpansionSettings.Kind.alphaQE, .databaseAugmentation])),
        ConfigurationOption("exponent", .number(1e-3...1e3), 7, .when(is: [ExpansionSettings.Kind.power])),
        ConfigurationOption("k1", .integer(count), 20, .when(is: [ExpansionSettings.Kind.kReciprocal])),
        ConfigurationOption("k2", .integer(count), 6, .when(is: [ExpansionSettings.Kind.kReciprocal])),
        ConfigurationOption("lambda", .number(share), 0.3, .when(is: [ExpansionSettings.Kind.kReciprocal])),
    ]
}
