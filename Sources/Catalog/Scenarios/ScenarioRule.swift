import Options

/// How one scenario is made from the metadata: an entry of the list `scenarios` in whalebook.yaml.
///
/// A ranking has one database for all queries of its scenario. So where answers of a query's own encounter are not
/// wanted, an encounter either asks or answers: no photograph of the database is of an encounter of any query.
public struct ScenarioRule: OptionGroup {
    /// Which years a query is asked against.
    public enum Years: String, OptionChoice {
        /// All years together.
        case all
        /// Its own: one scenario for each year.
        case same
        /// An earlier one: one scenario for each pair of years.
        case earlier
    }

    /// What becomes of a query without an answer in the database.
    public enum Unanswerable: String, OptionChoice {
        /// It is not asked, as in the competition's scenarios.
        case drop
        /// It is asked, and no mean counts it.
        case keep
    }

    /// Which photographs a side takes.
    public struct Side: OptionGroup {
        /// Nil for every viewpoint.
        @Option(
            "The viewpoint, or several in brackets; `all` takes every one.", as: Set<Viewpoint>.optionKind, or: "all",
            named: "viewpoint")
        public var viewpoints: Set<Viewpoint>? = nil
        @Option("What the split made of the photographs; one role, or several in brackets.", named: "role")
        public var roles: Set<Role> = [.train, .validation, .test]

        public init() {}
    }

    @Option("Names the scenario in tables, query ids and file names.", required: true)
    public var name = ""
    @Option("The photographs that ask.")
    public var queries = Side { $0.roles = [.test] }
    @Option("The photographs that may answer.")
    public var database = Side()
    @Option(
        """
        Whether a photograph of the query's own encounter is an answer. If not, the database has no photograph of any \
        query's encounter.
        """)
    public var sameEncounter = false
    @Option(
        """
        Which years answer a query. `all` takes all together; `same` makes a scenario for each year, `earlier` one for \
        each pair of years, in which the later asks.
        """)
    public var years = Years.all
    @Option(
        """
        What becomes of queries without an answer in the database. `drop` leaves them out, as in the competition; `keep` \
        asks them and leaves them out of every mean.
        """)
    public var unanswerable = Unanswerable.drop

    public init() {}

    /// Creates a rule with what is not standard.
    public init(name: String, _ change: (inout Self) -> Void = { _ in }) {
        self.name = name
        change(&self)
    }
}
