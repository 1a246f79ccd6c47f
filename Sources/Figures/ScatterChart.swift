import Basics
import Drawing

/// Points in the plane by groups, each group with a colour and a mark of its own.
///
/// Both axes have one scale, so that distances can be compared.
public struct ScatterChart: Figure {
    /// Points that belong together.
    public struct Group: Sendable, Equatable {
        public let name: String
        public let points: [Point]
        /// What each point is.
        public let ids: [String]
        /// What the others stand out from.
        public let isBackground: Bool

        /// Creates a group with as many points as ids.
        public init(name: String, points: [Point], ids: [String], isBackground: Bool = false) {
            self.name = name
            self.points = points
            self.ids = ids
            self.isBackground = isBackground
        }
    }

    /// What x is, or nil where its numbers mean nothing; as is ``vertical``.
    public let horizontal: String?
    public let vertical: String?
    public let groups: [Group]
    public let size: Size

    /// Creates a chart.
    ///
    /// - Parameter size: In points.
    public init(horizontal: String?, vertical: String?, groups: [Group], size: Size = Size(720, 480)) {
        self.horizontal = horizontal
        self.vertical = vertical
        self.groups = groups
        self.size = size
    }

    public var data: JSONValue {
        let groups = groups.map { group -> JSONValue in
            [
                "name": .string(group.name), "ids": .array(group.ids.map(JSONValue.string)),
                "x": .array(group.points.map { .number($0.x) }), "y": .array(group.points.map { .number($0.y) }),
            ]
        }
        return [
            "kind": "scatter", "horizontal": horizontal.map(JSONValue.string) ?? .null,
            "vertical": vertical.map(JSONValue.string) ?? .null, "groups": .array(groups),
        ]
    }

    public var alternativeText: String {
        let named = groups.map { "\($0.name) (\($0.points.count))" }.joined(separator: ", ")
        let count = groups.reduce(0) { $0 + $1.points.count }
        return "Map of \(NumberText.counted(count, "point", "points"))" + (count == 0 ? "." : " in groups: \(named).")
    }
}
