import Basics

/// How training steps.
extension Schema {
    static let optimizer: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: OptimizerSettings.Kind.self), "adamw"),
        ConfigurationOption("learning-rate", .number(positive), 1e-3),
        ConfigurationOption(
            "head-learning-rate", .either(.choice([OptimizerSettings.same]), .number(positive)),
            .string(OptimizerSettings.same)
        ).silentAtStandard,
        ConfigurationOption("backbone-learning-rate", .number(positive), 3e-4),
        ConfigurationOption("layer-decay", .number(0.01...1), 1).silentAtStandard,
        ConfigurationOption("weight-decay", .number(positive), 0.05),
        ConfigurationOption("decays", .choice(of: OptimizerSettings.Decays.self), "weights").silentAtStandard,
        ConfigurationOption("momentum", .number(0...0.9999), 0.9, .when(is: [OptimizerSettings.Kind.sgd]))
            .silentAtStandard,
        ConfigurationOption("clip-norm", .number(positive), 5),
    ]

    static let schedule: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: ScheduleSettings.Kind.self), "cosine"),
        ConfigurationOption("epochs", .integer(count), 20),
        ConfigurationOption("warmup-epochs", .integer(0...1_000_000), 1),
        ConfigurationOption("freeze-epochs", .integer(0...1_000_000), 0),
    ]

    static let sampler: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: SamplerSettings.Kind.self), "shuffle"),
        ConfigurationOption("images", .integer(1...4096), 4, .when(is: [SamplerSettings.Kind.balanced])),
    ]

    static let selection: [ConfigurationOption] = [
        ConfigurationOption("measure", .choice(of: SelectionSettings.Measure.self), "photographs").silentAtStandard,
        ConfigurationOption(
            "every", .either(.choice([SelectionSettings.automatic]), .integer(count)),
            .string(SelectionSettings.automatic)
        ).silentAtStandard,
        ConfigurationOption("patience", .integer(0...1_000_000), 0).silentAtStandard,
    ]
}
