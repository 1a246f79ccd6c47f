/// The sections of a document that are left out because none of their cells has anything to show.
enum OptionalSections {
    /// A document without the `.optional` sections whose cells are all absent, as `isAbsent` says.
    ///
    /// A section reaches to the next heading of its level or above. One without a cell stays, and so does one with a
    /// callout that reaches beyond it.
    static func leavingOutAbsent(_ document: Document, isAbsent: (Cell) -> Bool) -> Document {
        var kept: [Document.Block] = []
        var rest = document.blocks[...]
        while let block = rest.first {
            guard case .heading(let heading) = block, heading.isOptional else {
                kept.append(block)
                rest = rest.dropFirst()
                continue
            }
            let end = rest.dropFirst().firstIndex { block in
                if case .heading(let next) = block { next.level <= heading.level } else { false }
            }
            let section = rest[..<(end ?? rest.endIndex)]
            let cells = section.compactMap { if case .cell(let cell) = $0, cell.isShown { cell } else { nil } }
            if !cells.isEmpty, hasWholeCallouts(section), cells.allSatisfy(isAbsent) {
                rest = rest[section.endIndex...]
            } else {
                kept.append(block)
                rest = rest.dropFirst()
            }
        }
        return document.keeping(kept)
    }

    private static func hasWholeCallouts(_ section: ArraySlice<Document.Block>) -> Bool {
        var open = 0
        for block in section {
            if case .callout = block { open += 1 }
            if case .calloutEnd = block { open -= 1 }
            if open < 0 { return false }
        }
        return open == 0
    }
}
