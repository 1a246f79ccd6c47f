import Basics
import Catalog

extension Schema {
    /// What `split.date` is where the days of each animal are parted by their share.
    private static let noDate = "none"

    /// How photographs are parted.
    static let split: [ConfigurationOption] = [
        ConfigurationOption("kind", .choice(of: SplitSettings.Kind.self), "encounter"),
        ConfigurationOption("folds", .integer(2...100), 5),
        ConfigurationOption(
            "fold",
            .either(.integer(0...99), .either(.list(.integer(0...99), allowsEmpty: false), .choice(["all"]))),
            0),
        ConfigurationOption(
            "unseen", .number(0...0.9), 0.25,
            .when(is: [SplitSettings.Kind.image, .encounter, .individual])),
        ConfigurationOption(
            "unseen-images", .number(0...0.9), 0.2, .when(is: [SplitSettings.Kind.openSet, .disjointSet])),
        ConfigurationOption(
            "date", .either(.choice([noDate]), .day), .string(noDate), .when(is: [SplitSettings.Kind.time])),
        ConfigurationOption(
            "proportion", .number(share), 0.8, .when(is: [SplitSettings.Kind.time, .closedSet, .openSet]),
            OptionCondition(option: "date", choices: [noDate])),
        ConfigurationOption("minimum-images", .integer(count), 1),
        ConfigurationOption(
            "rare", .choice(of: SplitSettings.Rare.self), .string(SplitSettings.Rare.leaveOut.rawValue)),
        ConfigurationOption(
            "unknown", .choice(of: SplitSettings.Unknown.self), .string(SplitSettings.Unknown.refuse.rawValue)),
    ]

    /// The rule of one scenario.
    static let scenario: [ConfigurationOption] = [
        ConfigurationOption("name", .text, nil),
        ConfigurationOption("queries", section: side(roles: [.test])),
        ConfigurationOption("database", section: side(roles: [.train, .validation, .test])),
        ConfigurationOption("same-encounter", .flag, false),
        ConfigurationOption("years", .choice(of: ScenarioRule.Years.self), .string(ScenarioRule.Years.all.rawValue)),
        ConfigurationOption(
            "unanswerable", .choice(of: ScenarioRule.Unanswerable.self),
            .string(ScenarioRule.Unanswerable.drop.rawValue)),
    ]

    private static func side(roles: [Role]) -> [ConfigurationOption] {
        let role = OptionKind.choice(of: Role.self)
        return [
            ConfigurationOption(
                "viewpoint", .either(.list(.text, allowsEmpty: false), .text), .string(ScenarioRule.Side.everything)),
            ConfigurationOption(
                "role", .either(.list(role, allowsEmpty: false), role), .array(roles.map { .string($0.rawValue) })),
        ]
    }
}
