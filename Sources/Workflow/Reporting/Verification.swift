import Basics
import Reports

/// What verifying documents came to.
public struct Verification: Sendable {
    /// Everything that is not what it should be.
    public private(set) var findings: [Finding] = []
    private var leftOut: [String] = []
    private var seen: Set<String> = []
    /// Whether the measures of the ledger's runs could be checked, by name.
    private var runs: [String: Bool] = [:]

    /// What could not be looked at, for want of the files; a line each.
    public var gaps: [String] {
        let unknown = runs.filter { !$0.value }.keys.sorted()
        guard !unknown.isEmpty else { return leftOut }
        let names = unknown.listed(5)
        return leftOut + [
            "the measures of \(NumberText.counted(unknown.count, "run", "runs")) whose results are not here: \(names)"
        ]
    }

    /// Adds findings; what several documents share is added once.
    mutating func join(_ found: [Finding]) {
        for finding in found where seen.insert(finding.description).inserted { findings.append(finding) }
    }

    /// Notes something that could not be looked at.
    mutating func leaveOut(_ gap: String) {
        if seen.insert(gap).inserted { leftOut.append(gap) }
    }

    /// Notes whether a run's measures could be checked; once is enough.
    mutating func note(run name: String, isKnown: Bool) { runs[name] = runs[name] == true || isKnown }
}
