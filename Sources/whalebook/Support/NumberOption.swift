import ArgumentParser

/// Makes sure that the number of an option is within its limits.
func require<Number: Comparable>(_ number: Number, in range: ClosedRange<Number>, _ option: String) throws {
    guard range.contains(number) else {
        throw ValidationError("\(option) \(number) is not within \(range.lowerBound) to \(range.upperBound).")
    }
}
