import Basics
import Foundation

/// The role of each photograph: the rows of `split.csv`, in the catalogue's order.
public struct Split: Sendable, Equatable {
    /// One photograph's role and fold.
    public struct Row: Sendable, Equatable {
        public let imageID: String
        public let whaleID: String
        /// The fold in which the photograph validates, or nil if it never does.
        public let fold: Int?
        public let role: Role
    }

    public let rows: [Row]

    /// The ids of the photographs in a role, in the catalogue's order.
    public func images(_ role: Role) -> [String] { rows.filter { $0.role == role }.map(\.imageID) }

    /// The role of each photograph.
    var roles: [String: Role] { Dictionary(rows.map { ($0.imageID, $0.role) }) { first, _ in first } }

    /// The animal of each photograph; photographs without a name are left out.
    public var whales: [String: String] {
        Dictionary(rows.filter { !$0.whaleID.isEmpty }.map { ($0.imageID, $0.whaleID) }) { first, _ in first }
    }

    /// The split with some photographs given the role ``Role/none``.
    public func leavingOut(_ imageIDs: Set<String>) -> Split {
        replacingRoles { imageIDs.contains($0.imageID) ? .none : $0.role }
    }

    /// The split for evaluation during training: validation photographs become the test set, and test photographs are
    /// unused.
    public var validating: Split {
        replacingRoles { row in
            switch row.role {
            case .validation: .test
            case .test: .none
            case .train, .none: row.role
            }
        }
    }

    private func replacingRoles(_ role: (Row) -> Role) -> Split {
        Split(
            rows: rows.map { Row(imageID: $0.imageID, whaleID: $0.whaleID, fold: $0.fold, role: role($0)) })
    }

    /// The animals with at least one training photograph, sorted: the classes of the head.
    public var trainedWhales: [String] { rows.filter { $0.role == .train }.animals.sorted() }

    /// Writes `split.csv`.
    public func write(to url: URL) throws {
        let rows = rows.map { [$0.imageID, $0.whaleID, $0.fold.map(String.init) ?? "", $0.role.rawValue] }
        try AtomicFile.write(CSVTable.text(header: ["image_id", "whale_id", "fold", "role"], rows: rows), to: url)
    }

    /// Reads `split.csv`.
    ///
    /// - Throws: ``FileError``, also for an unknown role.
    public static func read(_ url: URL) throws -> Split {
        let table = try CSVTable.read(url)
        let columns = try ["image_id", "whale_id", "fold", "role"].map(table.column)
        return Split(
            rows: try table.rows.enumerated().map { row, cells in
                guard let role = Role(rawValue: cells[columns[3]]) else {
                    throw FileError.malformed(
                        path: table.path, line: table.line(ofRow: row),
                        problem: "unknown role \(quoted: cells[columns[3]])",
                        remedy: "Roles are: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
                }
                return Row(
                    imageID: cells[columns[0]], whaleID: cells[columns[1]], fold: Int(cells[columns[2]]), role: role)
            })
    }
}

extension Sequence<Split.Row> {
    /// The named animals in these rows.
    public var animals: Set<String> { Set(lazy.map(\.whaleID).filter { !$0.isEmpty }) }
}
