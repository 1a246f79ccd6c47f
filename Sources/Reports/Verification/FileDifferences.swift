import Basics
import Foundation
import Imaging

/// How a file on the disk differs from the file as it is made anew.
public enum FileDifferences {
    /// - Parameter isSameLibrary: Whether both were drawn by the same versions of the drawing libraries. Another version
    ///   words the same curve otherwise, so curves are then held by their data alone.
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
