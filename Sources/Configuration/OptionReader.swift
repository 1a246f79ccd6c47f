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
}
