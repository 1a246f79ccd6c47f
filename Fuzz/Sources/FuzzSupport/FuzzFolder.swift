import Basics
import Catalog
import Foundation

/// A folder of this process for files made from an input.
public struct FuzzFolder: Sendable {
    public let url: URL

    /// The separator between the files of an input that holds several.
    private static let separator = Data("\n====\n".utf8)

    /// Makes an empty folder.
    public init() {
        url = FileManager.default.temporaryDirectory
            .appending(path: "whalebook-fuzz-\(ProcessInfo.processInfo.processIdentifier)").resolvingSymlinksInPath()
    }

    /// Writes a file.
    public func write(_ contents: Data, to path: String) {
        let file = url.appending(path: path)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try contents.write(to: file)
        } catch {
            fatalError("\(file.path) cannot be written: \(error)")
        }
    }

    /// Writes an input as several files, which a line of four equal signs separates; if it has too few, the last files
    /// are empty.
    public func write(_ input: Data, to paths: [String]) {
        var rest = input
        for path in paths {
            let end = rest.range(of: Self.separator)
            write(Data(rest[..<(end?.lowerBound ?? rest.endIndex)]), to: path)
            rest = end.map { rest[$0.upperBound...] } ?? Data()
        }
    }

    /// Decodes a photograph's outline in a small picture, and checks that its runs lie within.
    private func decodeOutline(of photograph: Photograph) {
        guard let outline = photograph.outline else { return }
        let small = PictureSides(width: 64, height: 48)
        let sides = outline.sides.flatMap { [$0.width, $0.height].allSatisfy((1...1024).contains) ? $0 : nil } ?? small
        guard let mask = try? outline.mask(stored: sides, displayed: small).mask else { return }
        let area = mask.width * mask.height
        precondition(mask.runs.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= area }, "a run leaves the picture")
        precondition(zip(mask.runs, mask.runs.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }, "runs overlap")
    }

    /// Reads the folder as a catalogue of a layout; any error but Whalebook's is a finding.
    public func read(as layout: Layout) {
        do {
            let catalog = try Catalog.read(url, layout: layout, files: .unchecked)
            // A catalogue is consistent whatever the input.
            for (position, photograph) in catalog.photographs.enumerated() {
                precondition(catalog.position(of: photograph.id) == position, "the id '\(photograph.id)' is not unique")
                let parts = photograph.path.utf8.split(separator: UInt8(ascii: "/"))
                precondition(!parts.contains { $0.elementsEqual("..".utf8) }, "'\(photograph.path)' leaves the folder")
                decodeOutline(of: photograph)
            }
        } catch is FileError {
        } catch is CatalogError {
        } catch is LayoutError {
        } catch {
            fatalError("an error that is not Whalebook's: \(error)")
        }
    }
}
