import Basics
import Foundation
import Imaging

/// The differences between a file on disk and the same file made again.
public enum FileDifferences {
    /// Compares two files by the type that their name ends in.
    ///
    /// Another version of the drawing libraries writes the same curve differently, so without `isSameLibrary` curves
    /// are compared only by their data.
    public static func findings(
        in file: String, found: Data, expected: Data, isSameLibrary: Bool = true
    ) -> [Finding] {
        guard found != expected else { return [] }
        switch file.split(separator: ".").last {
        case "json":
            guard let found = try? JSONValue(parsing: found), let expected = try? JSONValue(parsing: expected) else {
                return [Finding(file: file, problem: "is not valid JSON")]
            }
            return FigureDifferences.findings(in: file, found: found, expected: expected)
        case "png", "jpeg":
            do {
                return try FigureDifferences.finding(
                    in: file, found: PictureFile(found, name: file).decoded(),
                    expected: PictureFile(expected, name: file).decoded(), isSameLibrary: isSameLibrary
                ).map { [$0] } ?? []
            } catch {
                return [
                    Finding(
                        file: file,
                        problem: "cannot be read as a picture: \((error as? ImagingError)?.problem ?? "\(error)")")
                ]
            }
        case "svg" where !isSameLibrary: return []
        default:
            return TextDifferences.findings(
                in: file, found: String(decoding: found, as: UTF8.self),
                expected: String(decoding: expected, as: UTF8.self))
        }
    }
}

/// The lines in which a text on disk differs from the text made again.
enum TextDifferences {
    /// Above this total number of lines, lines are compared by number: alignment takes lines times differences.
    private static let mostAligned = 20_000

    /// - Complexity: O(lines · differences), O(lines) for long texts.
    static func findings(in file: String, found: String, expected: String) -> [Finding] {
        let old = found.split(separator: "\n", omittingEmptySubsequences: false)
        let new = expected.split(separator: "\n", omittingEmptySubsequences: false)
        guard old != new else { return [] }
        let difference = old.count + new.count > mostAligned ? inPlace(old, new) : new.difference(from: old)
        var removed = difference.removals.map(offset)[...], inserted = difference.insertions.map(offset)[...]
        var result: [Finding] = []
        // Walks both texts in parallel; differences at the same place in both are one changed line.
        var (row, other) = (0, 0)
        while row < old.count || other < new.count {
            switch (removed.first == row, inserted.first == other) {
            case (true, true):
                result.append(changed(file, line: row + 1, found: old[row], expected: new[other]))
                (row, other) = (row + 1, other + 1)
                removed.removeFirst()
                inserted.removeFirst()
            case (true, false):
                result.append(.init(file: file, line: row + 1, problem: "should not say \(excerpt(old[row]))"))
                row += 1
                removed.removeFirst()
            case (false, true):
                result.append(.init(file: file, line: row + 1, problem: "lacks \(excerpt(new[other]))"))
                other += 1
                inserted.removeFirst()
            case (false, false): (row, other) = (row + 1, other + 1)
            }
        }
        return result
    }

    /// Each line that differs from the one of the same number.
    private static func inPlace(_ old: [Substring], _ new: [Substring]) -> CollectionDifference<Substring> {
        var changes: [CollectionDifference<Substring>.Change] = []
        for row in 0..<max(old.count, new.count) {
            let (one, other) = (row < old.count ? old[row] : nil, row < new.count ? new[row] : nil)
            guard one != other else { continue }
            if let one { changes.append(.remove(offset: row, element: one, associatedWith: nil)) }
            if let other { changes.append(.insert(offset: row, element: other, associatedWith: nil)) }
        }
        return CollectionDifference(changes) ?? new.difference(from: old)
    }

    private static func offset(_ change: CollectionDifference<Substring>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    /// Characters shown around a difference.
    private static let context = 24

    private static func changed(_ file: String, line: Int, found: Substring, expected: Substring) -> Finding {
        let (one, other) = (Array(found), Array(expected))
        let common = zip(one, other).prefix { $0 == $1 }.count
        let tail = zip(one.dropFirst(common).reversed(), other.dropFirst(common).reversed()).prefix { $0 == $1 }.count
        func part(_ text: [Character]) -> Substring {
            let range = max(0, common - context)..<min(text.count, max(text.count - tail, common) + context)
            return Substring(String(text[range]))
        }
        return Finding(
            file: file, line: line, problem: "says \(excerpt(part(one))), should say \(excerpt(part(other)))")
    }

    private static func excerpt(_ text: Substring) -> String { "\(quoted: text)" }
}

/// The differences between a figure on disk and the figure drawn again.
public enum FigureDifferences {
    /// Sums that another processor adds in another order differ by less than this share.
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

    /// The difference between two pictures' pixels.
    ///
    /// If both were drawn by the same versions of Cairo and Pango (`isSameLibrary`), a channel may differ by 2 levels,
    /// as decoders with other instructions do; otherwise letters and lines may be elsewhere, and one pixel in twenty
    /// may differ by more than a tenth of the range.
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
