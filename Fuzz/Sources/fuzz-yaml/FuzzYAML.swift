import Configuration
import Foundation
import FuzzSupport

/// whalebook.yaml: a configuration or one of Whalebook's errors.
@main
enum FuzzYAML {
    static func main() {
        fuzz { input in
            do {
                let configuration = try Configuration(
                    parsing: String(decoding: input, as: UTF8.self), path: "whalebook.yaml",
                    root: URL(filePath: "/project/"))
                precondition(!configuration.train.members.isEmpty && !configuration.folds.isEmpty)
            } catch is ConfigurationError {
            } catch {
                fatalError("an error that is not Whalebook's: \(error)")
            }
        }
    }
}
