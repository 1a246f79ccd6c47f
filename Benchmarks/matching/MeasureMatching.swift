import Basics
import Foundation
import Matching
import Retrieval

/// Times the matching of local features, one task for each line of standard input.
///
///     measure-matching KEYPOINTS QUERIES
///
/// KEYPOINTS is a file of features; its first QUERIES photographs are the queries, the others the database. Lines of
/// input: `sgemm`, the bare product of each query's descriptors with all of the database; `lnbnn`; `mutual`, the matches
/// with a ratio below 0.8, counted; `verify`, RANSAC over the matches with the first 50 photographs; `floats`, LNBNN
/// without products of bytes. Prints the seconds of each.
@main
enum MeasureMatching {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]) else {
            throw FileError.unreadable(path: "the command line", reason: "it is not KEYPOINTS QUERIES")
        }
        ProductThreads.allow()
        let file = try FeatureFile.read(URL(filePath: arguments[1]))
        let all = try file.descriptors
        let set = try MatchSet(
            queries: all.selecting(Array(0..<count)), database: all.selecting(Array(count..<all.counts.count)))
        print("\(try OpenBLAS.loaded().kernels), \(try ThreadCount.wanted()) threads")
        fflush(nil)
        var product: Product?
        while let line = readLine() {
            let clock = ContinuousClock()
            switch line {
            case "sgemm":
                let ready = try product ?? Product(file, queries: count)
                product = ready
                print(clock.measure { ready.perform() } / .seconds(1))
            case "lnbnn": print(try clock.measure { _ = try LNBNN().scores(set) } / .seconds(1))
            case "floats":
                var other = set
                other.allowsByteProducts = false
                print(try clock.measure { _ = try LNBNN().scores(other) } / .seconds(1))
            case "mutual": print(try clock.measure { _ = try set.mutualCounts(.ratio(below: 0.8)) } / .seconds(1))
            case "verify": print(try clock.measure { try verify(set, file, queries: count) } / .seconds(1))
            default: throw FileError.unreadable(path: "standard input", reason: "'\(line)' is not a task")
            }
            fflush(nil)
        }
    }

    private static func verify(_ set: MatchSet, _ file: FeatureFile, queries: Int) throws {
        let shortlist = Array(0..<min(50, set.database.counts.count))
        let matches = try set.mutualMatches(AffineVerification.rule, with: Array(repeating: shortlist, count: queries))
        let verification = try AffineVerification(seed: 1)
        let features = try (0..<queries + shortlist.count).map { try file.features(at: $0) }
        _ = parallelMap(queries) { query in
            shortlist.map { photograph in
                verification.verify(
                    matches[query][photograph], of: features[query], in: features[queries + photograph],
                    pair: (file.ids[query], file.ids[queries + photograph])
                ).score
            }
        }
    }
}

/// The bare product, a bound for every matcher that computes products and writes them to memory.
private final class Product {
    private let queries: [[Float]]
    private let database: [Float]
    private let columns: Int
    private let output: UnsafeMutablePointer<Float>
    private let blas: OpenBLAS

    init(_ file: FeatureFile, queries count: Int) throws {
        blas = try OpenBLAS.loaded()
        columns = file.columns
        func floats(_ number: Int) throws -> [Float] { try file.features(at: number).descriptors.map { Float($0) } }
        queries = try (0..<count).map(floats)
        database = try (count..<file.ids.count).flatMap(floats)
        let size = (queries.map(\.count).max() ?? 0) / columns * (database.count / columns)
        output = .allocate(capacity: size)
        // Touched before timing, so that the product does not pay for new pages.
        output.initialize(repeating: 0, count: size)
    }

    deinit { output.deallocate() }

    func perform() {
        for query in queries {
            blas.multiply(
                query, count: query.count / columns, database, rows: database.count / columns, columns: columns,
                into: output)
        }
    }
}
