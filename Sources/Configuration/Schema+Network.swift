import Basics

/// What shapes the network beside its backbone, and what it minimises.
extension Schema {
    static let pooling: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: PoolingSettings.Kind.self), "gem"),
        ConfigurationOption("p", .number(1...100), 3, ofMeans),
        ConfigurationOption("learned", .flag, true, ofMeans),
        ConfigurationOption(
            "dilations", .list(.integer(1...256), allowsEmpty: false), [6, 12, 18],
            .when(is: [PoolingSettings.Kind.dolg])),
        ConfigurationOption(
            "projection", .choice(of: PoolingSettings.Projection.self), "paper", .when(is: [PoolingSettings.Kind.dolg])),
    ]

    static let neck: [ConfigurationOption] = [
        ConfigurationOption("embedding", .integer(2...8192), 512),
        ConfigurationOption("dropout", .number(0...0.95), 0.2),
    ]

    private static let ofMeans = OptionCondition.when(is: [PoolingSettings.Kind.gem, .twoStageGeM, .dolg])

    static let head: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: HeadSettings.Kind.self), "arcface"),
        ConfigurationOption("scale", .number(1...256), 20, ofMargins),
        ConfigurationOption("centres", .integer(1...64), 2, .when(is: [HeadSettings.Kind.subCentre])),
        ConfigurationOption("margin-rule", .choice(of: HeadSettings.MarginRule.self), "fixed", ofMargins),
        ConfigurationOption("margin", .number(angle), 0.3, ofMargins, of(.fixed, .elastic)),
        ConfigurationOption("margin-deviation", .number(0...0.5), 0.0125, ofMargins, of(.elastic)),
        ConfigurationOption("margin-factor", .number(angle), 0.45, ofMargins, of(.power)),
        ConfigurationOption("margin-exponent", .number(0...2), 0.25, ofMargins, of(.power, .range)),
        ConfigurationOption("margin-offset", .number(angle), 0.05, ofMargins, of(.power)),
        ConfigurationOption("margin-low", .number(angle), 0.05, ofMargins, of(.range)),
        ConfigurationOption("margin-high", .number(angle), 0.35, ofMargins, of(.range)),
    ]

    /// Margins, radians: below a right angle.
    static let angle = 0.0...1.5
    private static let ofMargins = OptionCondition.when(is: [HeadSettings.Kind.arcface, .subCentre])

    private static func of(_ rules: HeadSettings.MarginRule...) -> OptionCondition {
        .when("margin-rule", is: rules)
    }

    static let loss: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: LossSettings.Kind.self), "focal"),
        ConfigurationOption("gamma", .number(0...20), 2, .when(is: [LossSettings.Kind.focal])),
        ConfigurationOption(
            "reduction", .choice(of: LossSettings.Reduction.self), "sample", .when(is: [LossSettings.Kind.focal])),
        ConfigurationOption("smoothing", .number(0...0.9), 0),
        ConfigurationOption("class-weights", .choice(of: LossSettings.ClassWeights.self), "none"),
    ]
}
