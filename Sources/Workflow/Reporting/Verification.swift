import Reports

/// What verifying documents came to.
public struct Verification: Sendable {
    /// Everything that is not what it should be.
    public internal(set) var findings: [Finding] = []
    /// What could not be looked at, for want of the files; a line each.
    public internal(set) var gaps: [String] = []

    /// Adds what several documents share once only.
    mutating func join(_ found: [Finding]) {
        for finding in found where seen.insert(finding.description).inserted { findings.append(finding) }
    }

    mutating func leaveOut(_ gap: String) {
        if seen.insert(gap).inserted { gaps.append(gap) }
    }

    private var seen: Set<String> = []
}
