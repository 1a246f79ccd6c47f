import Basics

extension Catalog {
    /// What of the metadata a use of the photographs cannot do without.
    public enum Requirement: Sendable, Hashable {
        /// Every photograph names its animal.
        case whale
        /// Every photograph of a named animal names its encounter.
        case encounter
        /// Every photograph of a named animal has its whole date.
        case day
        /// The column `split` is there, and holds only names that mean a role.
        case split
    }

    /// Makes sure that the metadata have what is needed.
    ///
    /// - Throws: ``CatalogError`` with one problem for each requirement: how many photographs lack it, and the first.
    public func require(_ requirements: Set<Requirement>) throws {
        var problems = ProblemList()
        let needsWhale = requirements.contains(.whale)
        let concerned = photographs.indices.filter { photographs[$0].whaleID != nil || needsWhale }
        func check(_ requirement: Requirement, _ lacking: [Int], _ words: String, _ remedy: @autoclosure () -> String) {
            guard requirements.contains(requirement), let first = lacking.first else { return }
            problems.add(
                places[first].line == nil ? directory.path : places[first].path,
                "\(words) \(lacking.count) of \(photographs.count) photographs (\(listing(lacking)))", remedy())
        }
        check(
            .whale, photographs.indices.filter { photographs[$0].whaleID == nil }, "no animal is named for",
            """
            Name the animals, take the photographs out, or set split.unknown: leave-out or queries. 'embed' and 'search' \
            do without.
            """)
        check(
            .encounter, concerned.filter { photographs[$0].encounterID == nil }, "no encounter is known for",
            "Split by photograph with split.kind: image, or \(layout.encounterRemedy).")
        let dayless = concerned.filter { photographs[$0].day == nil }
        let partial = dayless.first { photographs[$0].date != nil }
        check(
            .day, dayless, "no day is known for",
            (partial.map { "\(quoted: photographs[$0].date ?? "") of \(quoted: photographs[$0].id) is no day. " } ?? "")
                + "\(layout.dayRemedy), or set another split.kind than time.")
        requireSplit(requirements, &problems)
        try problems.throwIfAny()
    }

    private func requireSplit(_ requirements: Set<Requirement>, _ problems: inout ProblemList) {
        guard requirements.contains(.split) else { return }
        if photographs.allSatisfy({ $0.split == nil }) {
            let (problem, remedy) = layout.lackOfSplit
            problems.add(hasLines ? places[0].path : directory.path, problem, remedy)
            return
        }
        let wrong = photographs.indices.filter { photographs[$0].columnRole == nil }
        for (word, positions) in Dictionary(grouping: wrong, by: { photographs[$0].split ?? "" }).sorted(by: {
            $0.key < $1.key
        }) {
            problems.add(
                places[positions[0]].path, line: places[positions[0]].line,
                "the column 'split' has \(quoted: word) for \(positions.count) of \(photographs.count) photographs "
                    + "(\(listing(positions)))",
                (Spelling.nearest(to: word, among: Photograph.columnRoles.keys.sorted())
                    .map { "Did you mean \(quoted: $0)? " } ?? "")
                    + "It takes train, validation, test and none; an empty field is none.")
        }
    }

    /// Whether photographs stand on lines of a table.
    private var hasLines: Bool { places.first?.line != nil }

    private static let shown = 3

    /// The first photographs by line, or by name where there are no lines.
    private func listing(_ positions: [Int]) -> String {
        let names = positions.lazy.map { places[$0].line.map(String.init) ?? photographs[$0].id }
        let many = positions.count > 1 ? "lines " : "line "
        return (hasLines ? many : "") + names.listed(Self.shown)
    }
}

extension Layout {
    /// How the encounter can be told.
    fileprivate var encounterRemedy: String {
        switch self {
        case .competition: "add a column encounter_id"
        case .coco: "write encounter_id into the annotations"
        case .wildlifeDatasets: "add a column encounter_id, or date"
        case .wildbook: "add a column Occurrence.occurrenceID"
        case .folders: "lay a folder for each encounter into the animal's, or name it by {encounter} in data.patterns"
        }
    }

    /// How the day can be told.
    fileprivate var dayRemedy: String {
        switch self {
        case .competition, .wildlifeDatasets: "Write YYYY-MM-DD into the column date"
        case .coco: "Write YYYY-MM-DD as date_captured of the images"
        case .wildbook: "Fill in Encounter.year, .month and .day"
        case .folders: "Name the day by {date} in data.patterns"
        }
    }

    /// What is wrong where no photograph has a split, and what to do.
    fileprivate var lackOfSplit: (problem: String, remedy: String) {
        switch self {
        case .competition, .wildlifeDatasets:
            (
                "there is no column 'split', or nothing in it",
                "Add it with train or test for each photograph, or set another split.kind than column."
            )
        case .coco:
            (
                "no annotations are named after a split",
                "Name the files annotations/instances_train.json and so on, or set another split.kind than column."
            )
        case .wildbook, .folders: ("the layout \(rawValue) tells no split", "Set another split.kind than column.")
        }
    }
}
