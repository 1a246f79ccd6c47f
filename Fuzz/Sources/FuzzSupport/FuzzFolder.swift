import Basics
import Catalog
import Foundation

/// A folder whose metadata are the input at hand.
public struct FuzzFolder: Sendable {
    private let url: URL
    private let file: URL

    /// A folder of this process with one file of metadata, `name`.
    public init(file name: String) {
        url = FileManager.default.temporaryDirectory
            .appending(path: "whalebook-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
        file = url.appending(path: name)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            fatalError("\(url.path) cannot be made: \(error)")
        }
    }

    /// Reads the input as the metadata of a layout; any error but ours is a finding.
    public func read(_ input: Data, as layout: Layout) {
        do {
            try input.write(to: file)
            let catalog = try Catalog.read(url, layout: layout, files: .unchecked)
            // What is read holds together, whatever was read.
            for (position, photograph) in catalog.photographs.enumerated() {
                precondition(catalog.position(of: photograph.id) == position, "the id '\(photograph.id)' is not unique")
                let parts = photograph.path.utf8.split(separator: UInt8(ascii: "/"))
                precondition(!parts.contains { $0.elementsEqual("..".utf8) }, "'\(photograph.path)' climbs")
            }
        } catch is FileError {
        } catch is CatalogError {
        } catch is LayoutError {
        } catch {
            fatalError("an error that says nothing: \(error)")
        }
    }
}
