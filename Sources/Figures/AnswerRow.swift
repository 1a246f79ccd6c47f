/// A query with one or more lists of answers, as grids draw it.
struct AnswerRow {
    /// A list of answers by rank.
    struct Strand {
        /// What stands before the answers, the first line in bold; empty where there is one list only.
        var labels: [String] = []
        let answers: [PhotographTile]
    }

    let query: PhotographTile
    let strands: [Strand]
    /// What should have come, apart at the row's end.
    var missed: [PhotographTile] = []
    /// What is said below the row; empty for nothing.
    let note: String
}
