/// How many training photographs an animal has. A network learns an animal from several; marks need none.
public enum TrainingPhotographs: String, Sendable, CaseIterable {
    case unseen, few, many

    /// The fewest of ``many``.
    private static let fewestOfMany = 5

    /// The group of an animal with `count` training photographs.
    public init(count: Int) {
        self = count == 0 ? .unseen : count < Self.fewestOfMany ? .few : .many
    }

    /// The number in words.
    public var title: String {
        switch self {
        case .unseen: "none"
        case .few: "1 to \(Self.fewestOfMany - 1)"
        case .many: "\(Self.fewestOfMany) or more"
        }
    }
}
