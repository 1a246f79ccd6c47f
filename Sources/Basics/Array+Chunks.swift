extension Array {
    /// The elements in turn, `count` at a time; the last may have fewer.
    public func chunks(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
