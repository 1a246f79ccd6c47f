import Basics

/// A rule of whalebook.yaml by which no scenario can be made.
public enum ScenarioError: Error, Equatable, CustomStringConvertible {
    /// A part of a rule.
    public enum Side: String, Sendable { case queries, database }

    case noViewpoint(scenario: String, side: Side, viewpoint: String, known: [String])
    case empty(scenario: String, queries: Int, database: Int)

    public var description: String {
        switch self {
        case .noViewpoint(let scenario, let side, let viewpoint, let known):
            "The scenario \(quoted: scenario) has \(side.rawValue) of viewpoint \(quoted: viewpoint), which no photograph has. "
                + (Spelling.nearest(to: viewpoint, among: known).map { "Did you mean \(quoted: $0)? " } ?? "")
                + "There are: \(known.listed())."
        case .empty(let scenario, let queries, let database):
            """
            The scenario \(quoted: scenario) has nothing to ask: \(queries) photographs fit its queries and \(database) its \
            database, but no animal has one to ask with and another to find. Widen viewpoint, role or years, set \
            same-encounter: true, or take the scenario out.
            """
        }
    }
}

/// What should be known of the scenarios that rules have made.
public enum ScenarioNote: Sendable, Equatable, CustomStringConvertible {
    /// The years have no query with an answer.
    case leftOut(scenario: String, queries: Int, animals: Int)
    case nothingAnswerable(scenario: String, queries: Int)

    public var description: String {
        switch self {
        case .leftOut(let scenario, let queries, let animals):
            """
            The scenario \(quoted: scenario) is left out: none of its \(queries) photographs has an answer among the \
            \(animals) animals of its database.
            """
        case .nothingAnswerable(let scenario, let queries):
            """
            None of the \(queries) queries of the scenario \(quoted: scenario) can be answered, so that no mean counts it.
            """
        }
    }
}
