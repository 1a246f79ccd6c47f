import Configuration
import Foundation

/// whalebook.yaml: a configuration or an error of ours.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    do {
        let configuration = try Configuration(parsing: text, path: "whalebook.yaml", root: URL(filePath: "/project/"))
        precondition(!configuration.train.members.isEmpty && !configuration.folds.isEmpty)
    } catch is ConfigurationError {
    } catch {
        fatalError("an error that says nothing: \(error)")
    }
    return 0
}
