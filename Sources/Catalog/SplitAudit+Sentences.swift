import Basics

extension SplitAudit {
    /// What makes scores better than they would be on new photographs, a sentence for each.
    public var warnings: [String] {
        leaks.filter(\.matters).map { $0.sentence(counts) } + [foldWarning, trainedWarning].compactMap(\.self)
    }

    /// What else should be known of the scores.
    public var remarks: [String] {
        var result: [String] = []
        for leak in leaks where leak.kinship == .second && !leak.matters && leak.validation + leak.test > 0 {
            let count = leak.validation + leak.test
            result.append(
                """
                \(Self.photographs(count)) of validation and test \(count == 1 ? "was" : "were") taken in the same \
                second as a training photograph of another animal.
                """)
        }
        for leak in leaks where leak.kinship != .second && leak.testAgainstValidation > 0 {
            result.append(
                """
                \(Self.photographs(leak.testAgainstValidation)) of the test \
                \(leak.testAgainstValidation == 1 ? "has" : "have") kin in the validation by \
                \(leak.kinship.noun), so that choosing by validation looks at the test.
                """)
        }
        if answerable.count < answerable.total {
            let share = NumberText.percent(answerable.value ?? 0)
            let counts = "\(answerable.count) of \(answerable.total) queries (\(share))"
            result.append("\(counts) can be answered; no mean counts the others.")
        }
        if unknown.contains(.nearDuplicate) {
            result.append(
                "Near-duplicates were not looked for: 'whalebook run measure' gives the hashes they are told by.")
        }
        return result
    }

    /// Leaks between the folds, where folds tear encounters.
    private var foldWarning: String? {
        guard acrossFolds.count > 0, let share = acrossFolds.value else { return nil }
        return """
            \(NumberText.percent(share)) of the photographs in training and validation share an encounter with a \
            photograph of another fold: the validation score tells how well encounters are known again, not animals.
            """
    }

    private var trainedWarning: String? {
        let trained = scenarios.reduce(0) { $0 + $1.trained }
        guard trained > 0 else { return nil }
        return "\(trained) of \(answerable.total) queries ask with a photograph that is trained on."
    }

    fileprivate static func photographs(_ count: Int) -> String {
        "\(NumberText.thousands(Double(count))) photograph\(count == 1 ? "" : "s")"
    }
}

extension SplitAudit.Leak {
    /// How many photographs are concerned, out of how many, and the first of them.
    fileprivate func sentence(_ counts: [Role: Int]) -> String {
        func part(_ count: Int, _ role: Role, _ name: String) -> String? {
            guard count > 0 else { return nil }
            return "\(count) of \(counts[role] ?? 0) \(name) photographs"
        }
        var clauses: [String] = []
        let judged = [part(validation, .validation, "validation"), part(test, .test, "test")].compactMap(\.self)
        if !judged.isEmpty {
            clauses.append("\(judged.joined(separator: " and ")) \(kinship.tie) a training photograph")
        }
        if queries > 0 {
            clauses.append(
                "\(queries) \(queries == 1 ? "query has" : "queries have") a right answer that \(kinship.relation)")
        }
        let first = examples.first.map { " (the first: \($0.imageID) and \($0.otherID))" } ?? ""
        return clauses.joined(separator: "; ") + first + "."
    }
}

extension Kinship {
    /// Joins photographs with another, in the plural.
    fileprivate var tie: String {
        switch self {
        case .encounter: "share an encounter with"
        case .second: "were taken in the same second as"
        case .nearDuplicate: "are near-duplicates of"
        case .source: "are of the same file as"
        }
    }

    /// What an answer has to do with its query.
    fileprivate var relation: String {
        switch self {
        case .encounter: "is of its own encounter"
        case .second: "was taken in the same second"
        case .nearDuplicate: "is a near-duplicate of it"
        case .source: "is of the same file"
        }
    }
}
