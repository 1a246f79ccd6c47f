/// A drawing that Cairo or Pango could not finish.
public struct DrawingError: Error, Equatable, CustomStringConvertible {
    /// What was to be made.
    public let operation: String
    /// What the library says.
    public let message: String

    public var description: String {
        "The \(operation) could not be drawn: \(message). Check the figure's size and the memory that is free."
    }
}
