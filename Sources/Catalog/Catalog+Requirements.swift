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
    /// - Throws: ``CatalogError`` that lists every row without.
    public func require(_ requirements: Set<Requirement>) throws {
        var problems = ProblemList()
        for (photograph, place) in zip(photographs, places) {
            func check(
                _ requirement: Requirement, _ holds: Bool, _ problem: @autoclosure () -> String,
                _ remedy: @autoclosure () -> String
            ) {
                guard !holds, requirements.contains(requirement) else { return }
                problems.add(place.path, line: place.line, "'\(photograph.id)' \(problem())", remedy())
            }
            let isNamed = photograph.whaleID != nil
            check(
                .whale, isNamed, "has no whale_id",
                """
                Name the animal, take the row out, or set split.unknown: leave-out or queries. 'embed' and 'search' do \
                without.
                """)
            let isConcerned = isNamed || requirements.contains(.whale)
            check(
                .encounter, photograph.encounterID != nil || !isConcerned, "has no encounter_id",
                "Name the encounter, or set split.kind: image.")
            check(
                .day, photograph.day != nil || !isConcerned,
                photograph.date.map { "has the date '\($0)', which is no day" } ?? "has no date",
                "Write YYYY-MM-DD, or set another split.kind than time.")
            check(
                .split, photograph.columnRole != nil, "has '\(photograph.split ?? "")' in the column 'split'",
                (Spelling.nearest(to: photograph.split ?? "", among: Photograph.columnRoles.keys.sorted())
                    .map { "Did you mean '\($0)'? " } ?? "")
                    + "It takes train, validation, test and none; an empty field is none.")
        }
        if requirements.contains(.split), photographs.allSatisfy({ $0.split == nil }) {
            problems.add(
                places.first?.path ?? directory.path, line: nil, "there is no column 'split', or nothing in it",
                "Add it with train or test for each photograph, or set another split.kind than column.")
        }
        try problems.throwIfAny()
    }
}
