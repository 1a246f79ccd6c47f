import Foundation
import FoundationXML

/// Reads a text as XML; the first problem, or nil.
final class XMLWellFormedness: NSObject, XMLParserDelegate {
    private(set) var problem: String?
    private let lines: [String]

    init(_ text: String) {
        lines = text.components(separatedBy: "\n")
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        if !parser.parse(), problem == nil { problem = "line \(parser.lineNumber)" }
    }

    func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
        problem = "line \(parser.lineNumber): \(lines[max(parser.lineNumber - 2, 0)...].prefix(2)): \(error)"
    }
}
