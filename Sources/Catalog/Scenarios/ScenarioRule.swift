import Options

/// How to build one scenario from the metadata: an entry of the list `scenarios` in whalebook.yaml.
///
/// All queries of a scenario share one database. So if matches from a query's own encounter are excluded, the database
/// holds no photograph from the encounter of any query.
public struct ScenarioRule: OptionGroup {
    /// The years that a query is compared with.
    public enum Years: String, OptionChoice {
        /// All years together.
        case all
        /// Its own year: one scenario for each year.
        case same
        /// An earlier year: one scenario for each pair of years.
        case earlier
    }

    /// The treatment of a query without a match in the database.
    public enum Unanswerable: String, OptionChoice {
        /// It is left out, as in the competition's scenarios.
        case drop
        /// It is kept, but no mean includes it.
        case keep
    }

    /// The photographs on one side.
    public struct Side: OptionGroup {
        /// Nil for all viewpoints.
        @Option(
            "The viewpoint, or several in brackets; `all` for any.", as: Set<Viewpoint>.optionKind, or: "all",
            named: "viewpoint")
        public var viewpoints: Set<Viewpoint>? = nil
        @Option("The photographs' role in the split; one, or several in brackets.", named: "role")
        public var roles: Set<Role> = [.train, .validation, .test]

        public init() {}
    }

    @Option("The scenario's name in tables, query ids and file names.", required: true)
    public var name = ""
    @Option("The query photographs.")
    public var queries = Side { $0.roles = [.test] }
    @Option("The database photographs.")
    public var database = Side()
    @Option(
        """
        Whether a photograph from the query's own encounter is a match. If not, the database has no photograph from \
        any query's encounter.
        """)
    public var sameEncounter = false
    @Option(
        """
        The years in a query's database. `all` takes them together; `same` makes a scenario for each year; `earlier` \
        makes one for each pair of years, with queries from the later.
        """)
    public var years = Years.all
    @Option(
        """
        What happens to queries without a match in the database. `drop` leaves them out, as in the competition; `keep` \
        keeps them but leaves them out of every mean.
        """)
    public var unanswerable = Unanswerable.drop

    public init() {}

    /// Creates a rule and changes its defaults.
    public init(name: String, _ change: (inout Self) -> Void = { _ in }) {
        self.name = name
        change(&self)
    }
}
