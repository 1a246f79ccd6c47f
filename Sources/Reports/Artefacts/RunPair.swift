import Basics

/// Which runs a document compares, by its parameters `old` and `new`.
struct RunPair: Equatable {
    let old: String
    let new: String

    /// What a cell says where there is no earlier run.
    static let absence = """
        There is nothing to compare yet: no earlier run has another evaluation. Run 'whalebook run' after a retrain, \
        then render again.
        """

    /// What an inline value says then, unless it has words for that.
    static let absentValue = ValueError(
        "there is nothing to compare yet: no earlier run has another evaluation",
        "Run 'whalebook run' after a retrain, then render again; or say what then stands there: | or(not known yet).")

    /// Takes the names from a document's parameters; the run before the last and the last where it has none.
    init(parameters: [String: JSONValue] = [:]) {
        func name(_ parameter: String, _ standard: String) -> String {
            parameters[parameter].flatMap { $0.string ?? $0.double.map(NumberText.shortest) } ?? standard
        }
        old = name("old", "previous")
        new = name("new", "current")
    }

    /// The two runs side by side; nil where the ledger has no such two yet.
    ///
    /// - Throws: What the ledger throws for a run that was named and is not there, and for runs that differ in what
    ///   they were asked.
    func comparison(_ ledger: ReportLedger?) throws -> ReportComparison? {
        try ledger?.comparison(old, new)
    }
}
