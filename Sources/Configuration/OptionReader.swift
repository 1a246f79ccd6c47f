import Options

/// Reads options of a configuration and keeps where they stand, so that a stage reads what it declares and declares what
/// it reads.
///
/// ```swift
/// let reader = OptionReader(configuration)
/// let count = reader.read(\.search.$k)        // search.k
/// let head = reader.read(\.train.$head)       // train.head, with all that is below
/// ```
public final class OptionReader {
    private let settings: Settings
    /// The options and sections that were read.
    public private(set) var paths: Set<OptionPath> = []

    /// Creates a reader of a configuration.
    public convenience init(_ configuration: Configuration) { self.init(configuration.settings) }

    init(_ settings: Settings) { self.settings = settings }

    /// The value of an option, or a whole section.
    public func read<Value>(_ option: KeyPath<Settings, Located<Value>>) -> Value {
        let found = settings[keyPath: option]
        paths.insert(found.path)
        return found.value
    }

    /// The path of an option before there is a configuration, with `*` for an entry of a list, as stages declare what
    /// they read: `train.members.*.weight` of `\.train.members[0].$weight`.
    public static func pattern<Value>(of option: KeyPath<Settings, Located<Value>>) -> String {
        standard[keyPath: option].path.pattern
    }

    /// The settings of an empty file; nothing in it is required.
    private static let standard = (try? Settings(optionJSON: [:], at: .root)) ?? Settings()
}
