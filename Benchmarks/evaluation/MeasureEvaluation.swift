import Basics
import Evaluation

/// Times an evaluation of the competition's size: all measures of the queries with their intervals.
///
/// Arguments: queries, animals, resamples, repetitions. The defaults are 6000 788 2000 5.
@main
enum MeasureEvaluation {
    static func main() {
        let given = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let numbers = given + [6000, 788, 2000, 5].dropFirst(given.count)
        let (queries, animals, resamples, repetitions) = (numbers[0], numbers[1], numbers[2], numbers[3])
        var generator = SeededGenerator(seed: 1, "measure-evaluation")
        let results = (0..<queries).map { number -> QueryResult in
            var ranks: Set<Int> = []
            for _ in 0..<generator.integer(in: 1..<12) { ranks.insert(generator.integer(in: 1..<200)) }
            return QueryResult(
                scenario: "s", queryID: "q\(number)", imageID: "i\(number)",
                whaleID: "w\(generator.integer(in: 0..<animals))", relevant: 0, answers: []
            ).asked(ofPartWith: Array(ranks))
        }
        let clock = ContinuousClock()
        let measures = Summary.Measure.allCases.count
        for (name, count) in [("without intervals", 0), ("with \(resamples) resamples", resamples)] {
            let times = (0..<repetitions).map { _ in
                clock.measure { _ = Summary(results, resamples: count, seed: 1) }
            }.sorted()
            print("\(measures) measures of \(queries) queries of \(animals) animals \(name): \(times[times.count / 2])")
        }
    }
}
