import Basics

/// The values below a root, with the form that their type gives them.
struct ValueTree {
    /// Null if the root has no values.
    let value: JSONValue
    let shape: JSONShape

    /// Finds a value. If it, or something above it, is null or missing although the type has it, the value is null and
    /// has an absence.
    ///
    /// - Throws: ``ValueError`` for a path that the type does not have; it names the nearest one.
    func value(at path: ValuePath) throws(ValueError) -> (value: JSONValue, absence: ValueError?) {
        var (value, shape) = (self.value, self.shape)
        /// The number of names above the first value that is absent.
        var absent = value == .null && shape != .anything ? 0 : nil as Int?
        for (depth, name) in path.names.enumerated() {
            guard let inner = shape[name] else { throw unknown(path, depth: depth, below: value, shape) }
            if absent == nil {
                let next = value[path: name]
                if next == nil {
                    // Only a type says that a name can be missing: not a list, and not the data's own names.
                    guard case .members = shape else { throw unknown(path, depth: depth, below: value, shape) }
                }
                value = next ?? .null
                if value == .null, inner != .anything { absent = depth + 1 }
            }
            shape = inner
        }
        return (value, absent.map { absence(of: path, depth: $0) })
    }

    private func absence(of path: ValuePath, depth: Int) -> ValueError {
        let place = Self.place(path, depth)
        let reason = depth < path.names.count ? ": there is no \(quoted: place)" : ""
        return ValueError(
            "\(quoted: path.text) has no value in this run\(reason)", "Add a fallback: '| or(…)'.")
    }

    private func unknown(_ path: ValuePath, depth: Int, below value: JSONValue, _ shape: JSONShape) -> ValueError {
        let problem = "there is no value \(quoted: path.text)"
        let known = Self.paths(of: self.shape, self.value)
        if let near = Spelling.nearest(to: path.names.joined(separator: "."), among: known) {
            return ValueError(problem, "Did you mean \(quoted: Self.place(path, 0) + "." + near)?")
        }
        let members = Self.members(of: shape, value).map(\.name)
        let place = Self.place(path, depth)
        guard !members.isEmpty else { return ValueError(problem, "There is nothing below \(quoted: place).") }
        return ValueError(problem, "Below \(quoted: place) there is: \(members.listed()).")
    }

    /// The root and the first names of a path.
    private static func place(_ path: ValuePath, _ depth: Int) -> String {
        ([path.root + path.selection.text] + path.names.prefix(depth)).joined(separator: ".")
    }

    /// The dotted paths of everything that the type has, with the data's own names; without the elements of lists.
    private static func paths(of shape: JSONShape, _ value: JSONValue) -> [String] {
        members(of: shape, value).flatMap { member in
            [member.name] + paths(of: member.shape, member.value).map { "\(member.name).\($0)" }
        }
    }

    private static func members(
        of shape: JSONShape, _ value: JSONValue
    ) -> [(name: String, shape: JSONShape, value: JSONValue)] {
        let found = value.object ?? [:]
        let shapes: [String: JSONShape] =
            switch shape {
            case .members(let members): members
            case .byName(let inner): found.isEmpty ? [JSONShape.name: inner] : found.mapValues { _ in inner }
            default: found.mapValues { _ in .anything }
            }
        return shapes.sorted { $0.key < $1.key }.map { ($0.key, $0.value, found[$0.key] ?? .null) }
    }
}
