import Foundation

/// The head of an HTTP request, as far as a server of files needs it.
struct Request: Equatable {
    let method: String
    /// The names of the path, decoded; none for `/`.
    let path: [String]
    /// What the other side takes this server's name to be.
    let host: String

    /// Parses a head, without the empty line at its end.
    ///
    /// - Returns: Nil for what is no well-formed request for a path.
    init?(head: Data) {
        guard let text = String(validating: head, as: UTF8.self) else { return nil }
        var lines = text.components(separatedBy: "\r\n")
        let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0",
            let path = Self.path(of: words[1])
        else { return nil }
        var hosts: [String] = []
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), !line[..<colon].contains(where: \.isWhitespace) else {
                return nil
            }
            guard line[..<colon].lowercased() == "host" else { continue }
            hosts.append(line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces).lowercased())
        }
        // Two would let each side of a rebinding believe its own.
        guard hosts.count == 1 else { return nil }
        (method, self.path, host) = (String(words[0]), path, hosts[0])
    }

    private static func path(of target: Substring) -> [String]? {
        guard target.hasPrefix("/") else { return nil }
        let path = target.dropFirst().prefix { $0 != "?" && $0 != "#" }
        if path.isEmpty { return [] }
        var names: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            // Decoded after the path was taken apart: an encoded stroke stays within its name.
            guard let name = String(part).removingPercentEncoding else { return nil }
            names.append(name)
        }
        return names
    }
}
