extension String {
    /// The text with some scalars written otherwise, one by one.
    ///
    /// For escapes, where `replacing` will not do: to it a quote and a combining mark behind it are one character, which
    /// is no quote. Whoever reads the bytes sees one.
    public func replacingScalars(_ replacements: [Unicode.Scalar: String]) -> String {
        var result = ""
        for scalar in unicodeScalars {
            if let replacement = replacements[scalar] {
                result += replacement
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
