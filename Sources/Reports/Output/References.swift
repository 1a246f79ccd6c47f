import Basics
import Foundation

/// The numbers of figures, tables and sections, in the order of the document.
struct References {
    enum Kind: String, Sendable {
        case figure = "Figure"
        case table = "Table"
        case section = "Section"

        /// The kind that a label begins with; nil for any other label.
        init?(label: String) {
            switch label.prefix(4) {
            case "fig-": self = .figure
            case "tbl-": self = .table
            case "sec-": self = .section
            default: return nil
            }
        }
    }

    /// What a label refers to.
    struct Target: Equatable {
        let kind: Kind
        /// Such as `3` or `2.1`; empty for a section without a number, and for a cell with nothing but remarks.
        let number: String
        /// The title of a section, or of a cell without a number.
        let title: String

        /// The text of a link to it: `Figure 3`, or a section's title.
        var text: String { number.isEmpty ? title : "\(kind.rawValue) \(number)" }
    }

    private var targets: [String: Target] = [:]
    /// The number of each heading, in order; empty for one without.
    private(set) var headingNumbers: [String] = []
    private(set) var problems: ProblemCollector

    /// Numbers the labelled parts of a document.
    ///
    /// `remarks` has the titles of cells without a number, by label.
    init(_ document: Document, remarks: [String: String] = [:]) {
        problems = ProblemCollector(path: document.url.lastPathComponent)
        let headings = document.blocks.compactMap { block -> Document.Heading? in
            if case .heading(let heading) = block { heading } else { nil }
        }
        let top = headings.map(\.level).min() ?? 1
        var section = Array(repeating: 0, count: 7)
        var counts: [Kind: Int] = [:]
        for block in document.blocks {
            switch block {
            case .heading(let heading):
                var number = ""
                if document.frontMatter.numbersSections, heading.isNumbered {
                    section[heading.level] += 1
                    for deeper in (heading.level + 1)..<8 where deeper < section.count { section[deeper] = 0 }
                    number = section[top...heading.level].map(String.init).joined(separator: ".")
                }
                headingNumbers.append(number)
                if let label = heading.label {
                    add(label, Target(kind: .section, number: number, title: heading.text), line: heading.line)
                }
            case .cell(let cell):
                guard let label = cell.options.label, cell.isShown else { continue }
                guard let kind = Kind(label: label), kind != .section else {
                    if targets[label] != nil { addDuplicate(label, line: cell.line) }
                    continue
                }
                if let title = remarks[label] {
                    add(label, Target(kind: kind, number: "", title: title), line: cell.line)
                    continue
                }
                counts[kind, default: 0] += 1
                add(label, Target(kind: kind, number: String(counts[kind] ?? 0), title: ""), line: cell.line)
            case .prose, .verbatim, .callout, .calloutEnd: break
            }
        }
    }

    private mutating func add(_ label: String, _ target: Target, line: Int) {
        if targets.updateValue(target, forKey: label) != nil { addDuplicate(label, line: line) }
    }

    private mutating func addDuplicate(_ label: String, line: Int) {
        problems.add(line, "the label \(quoted: label) is taken", "Give each figure, table and section its own label.")
    }

    /// The target of a label.
    ///
    /// - Throws: ``ValueError`` that suggests the nearest label.
    func target(_ label: String) throws(ValueError) -> Target {
        if let target = targets[label] { return target }
        throw ValueError(
            "'@\(label)' refers to nothing", ProblemCollector.remedy(for: label, known: targets.keys.sorted()))
    }

    /// The number of a labelled cell, such as `Figure 3`; nil if it has none.
    func caption(of label: String?) -> String? {
        label.flatMap { targets[$0] }.flatMap { $0.number.isEmpty ? nil : $0.text }
    }
}

extension Cell {
    /// Whether the reader sees any of the cell's output.
    var isShown: Bool { options.eval && options.include && options.output }
}
