import Basics
import Foundation
import FuzzSupport
import Reports

private let folder = FuzzFolder()
private let renderer = ReportRenderer(inputs: FuzzReport.inputs(folder))

/// The text of a document in a project where nothing has run: pages in every format, with a box for each missing
/// result, or one of Whalebook's errors.
@main
enum FuzzDocument {
    static func main() {
        fuzz { input in
            folder.write(input, to: "trial.book.md")
            do {
                let document = try Document.parse(contentsOf: folder.url.appending(path: "trial.book.md"))
                let result = try renderer.render(document, formats: FrontMatter.Format.allCases, to: folder.url)
                precondition(result.outputs.count >= FrontMatter.Format.allCases.count)
                for output in result.outputs { try FileManager.default.removeItem(at: output) }
            } catch is FileError {
            } catch is ParameterError {
            } catch {
                fatalError("an error that is not Whalebook's: \(error)")
            }
        }
    }
}
