/// Cairo numbers the parts of an SVG over the whole process; a file's bytes must not tell what was drawn before it.
enum SVGIdentifiers {
    /// The file with its identifiers numbered by their first appearance.
    static func renumbered(_ svg: String) -> String {
        var names: [Substring: String] = [:]
        var counts: [Substring: Int] = [:]
        return svg.replacing(/(id="|#)([A-Za-z]+)([0-9]+(?:-[0-9]+)*)(?=["\)])/) { match in
            let name = match.output.2.appending(match.output.3)[...]
            let kind = match.output.2
            if names[name] == nil {
                names[name] = "\(kind)\(counts[kind, default: 0])"
                counts[kind, default: 0] += 1
            }
            return "\(match.output.1)\(names[name] ?? "")"
        }
    }
}
