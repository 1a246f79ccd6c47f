/// How one scenario is made from the metadata: an entry of the list `scenarios` in whalebook.yaml.
///
/// A ranking has one database for all queries of its scenario. So where answers of a query's own encounter are not
/// wanted, an encounter either asks or answers: no photograph of the database is of an encounter of any query.
public struct ScenarioRule: Sendable, Codable, Equatable {
    /// Which years a query is asked against.
    public enum Years: String, Sendable, Codable, CaseIterable {
        /// All years together.
        case all
        /// Its own: one scenario for each year.
        case same
        /// An earlier one: one scenario for each pair of years.
        case earlier
    }

    /// What becomes of a query without an answer in the database.
    public enum Unanswerable: String, Sendable, Codable, CaseIterable {
        /// It is not asked, as in the competition's scenarios.
        case drop
        /// It is asked, and no mean counts it.
        case keep
    }

    /// Which photographs a side takes.
    public struct Side: Sendable, Codable, Equatable {
        /// Nil for every viewpoint.
        public var viewpoints: Set<Viewpoint>?
        public var roles: Set<Role>

        /// Creates a side.
        public init(viewpoints: Set<Viewpoint>? = nil, roles: Set<Role>) {
            self.viewpoints = viewpoints
            self.roles = roles
        }

        enum CodingKeys: String, CodingKey {
            case viewpoints = "viewpoint"
            case roles = "role"
        }

        /// Reads `viewpoint`, a name, several or `all`, and `role`, a name or several.
        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            func list<Name: Decodable>(_ key: CodingKeys, _ type: Name.Type) throws -> [Name] {
                do { return try values.decode([Name].self, forKey: key) } catch DecodingError.typeMismatch {
                    return [try values.decode(Name.self, forKey: key)]
                }
            }
            let names = try list(.viewpoints, String.self)
            viewpoints = names == [Self.everything] ? nil : Set(names.map { Viewpoint($0) })
            roles = Set(try list(.roles, Role.self))
        }

        /// The name for every viewpoint.
        public static let everything = "all"
    }

    /// Stands in the ids of queries and in names of files.
    public var name: String
    public var queries: Side
    public var database: Side
    /// Whether a photograph of the query's own encounter is an answer.
    public var sameEncounter: Bool
    public var years: Years
    public var unanswerable: Unanswerable

    enum CodingKeys: String, CodingKey {
        case name, queries, database, years, unanswerable
        case sameEncounter = "same-encounter"
    }

    /// Creates a rule.
    public init(
        name: String, queries: Side = Side(roles: [.test]),
        database: Side = Side(roles: [.train, .validation, .test]), sameEncounter: Bool = false, years: Years = .all,
        unanswerable: Unanswerable = .drop
    ) {
        self.name = name
        self.queries = queries
        self.database = database
        self.sameEncounter = sameEncounter
        self.years = years
        self.unanswerable = unanswerable
    }
}
