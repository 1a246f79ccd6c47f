import Basics
import Imaging

/// How a figure on the disk differs from the figure as it is drawn anew.
public enum FigureDifferences {
    /// Sums that another processor adds up in other steps differ by less than this share.
    private static let rounding = 1e-9

    /// The paths at which two figures' data differ.
    public static func findings(in file: String, found: JSONValue, expected: JSONValue) -> [Finding] {
        differences(found, expected, at: "").map { Finding(file: file, problem: $0) }
    }

    private static func differences(_ found: JSONValue, _ expected: JSONValue, at path: String) -> [String] {
        func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
        switch (found, expected) {
        case (.object(let one), .object(let other)):
            return Set(one.keys).union(other.keys).sorted().flatMap {
                differences(one[$0] ?? .null, other[$0] ?? .null, at: below($0))
            }
        case (.array(let one), .array(let other)) where one.count == other.count:
            return zip(one, other).enumerated().flatMap { differences($1.0, $1.1, at: below("\($0)")) }
        case (.number(let one), .number(let other)) where abs(one - other) <= rounding * max(abs(one), abs(other)):
            return []
        default:
            if found == expected { return [] }
            return ["\(path) is \(excerpt(found)), should be \(excerpt(expected))"]
        }
    }

    private static func excerpt(_ value: JSONValue) -> String { value.canonicalText.shortened(to: 60) }

    /// What two pictures' pixels say of each other.
    ///
    /// - Parameter isSameLibrary: Whether both were drawn by the same versions of Cairo and Pango. Then a channel may
    ///   differ by 2 levels, as decoders with other instructions differ; otherwise letters and lines may lie elsewhere,
    ///   and one pixel in twenty may differ by more than a tenth of the range.
    static func finding(in file: String, found: Raster, expected: Raster, isSameLibrary: Bool) -> Finding? {
        guard (found.width, found.height) == (expected.width, expected.height) else {
            return Finding(
                file: file,
                problem: "has \(found.width) x \(found.height) pixels, should have "
                    + "\(expected.width) x \(expected.height)")
        }
        let tolerance = isSameLibrary ? 2 : 26
        let differing = (0..<found.width * found.height).filter { pixel in
            (3 * pixel..<3 * pixel + 3).contains { abs(Int(found.pixels[$0]) - Int(expected.pixels[$0])) > tolerance }
        }
        let allowed = isSameLibrary ? 0 : found.width * found.height / 20
        guard differing.count > allowed, let first = differing.first else { return nil }
        return Finding(
            file: file,
            problem: "\(NumberText.counted(differing.count, "pixel differs", "pixels differ")), the first at "
                + "\(first % found.width), \(first / found.width)")
    }
}
