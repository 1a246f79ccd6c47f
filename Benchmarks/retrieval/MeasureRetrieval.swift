import Basics
import Foundation
import Retrieval

/// Times parts of the search, one for each line of standard input.
///
///     measure-retrieval DATABASE.npy QUERIES.npy COUNT
///
/// If both are one file, each row is a query against all others. Lines of input: `sgemm`, the bare product of both
/// matrices into one of all similarities; `search`; `rerank RULE`, such as `rerank k-reciprocal:20:6:0.3`, with the
/// search that it needs; `write FILE`, which writes the rows that the last search found. Prints the seconds of each,
/// but "written" for `write`.
@main
enum MeasureRetrieval {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let count = Int(arguments[3]) else {
            throw FileError.unreadable(path: "the command line", reason: "it is not DATABASE.npy QUERIES.npy COUNT")
        }
        ProductThreads.allow()
        let database = try EmbeddingMatrix(NPYMatrix.read(URL(filePath: arguments[1])))
        let isOwn = arguments[1] == arguments[2]
        let set = try RetrievalSet(
            queries: isOwn ? database : EmbeddingMatrix(NPYMatrix.read(URL(filePath: arguments[2]))),
            database: database, ownRows: isOwn ? Array(0..<database.rows) : nil)
        var product: Product?
        print("\(try OpenBLAS.loaded().kernels), \(try ThreadCount.wanted()) threads")
        fflush(nil)
        var found: [[Neighbour]] = []
        while let line = readLine() {
            let words = line.split(separator: " ", maxSplits: 1)
            let clock = ContinuousClock()
            switch words.first {
            case "sgemm":
                let ready = try product ?? Product(set)
                product = ready
                print(clock.measure { ready.perform() } / .seconds(1))
            case "search": print(try clock.measure { found = try set.neighbours(count: count) } / .seconds(1))
            case "rerank":
                let plan = SearchPlan(reRanking: try ReRanking(parsing: String(words[1])))
                print(try clock.measure { found = try set.neighbours(count: count, by: plan) } / .seconds(1))
            case "write":
                let rows = found.joined().map { Float($0.row) }
                try NPYMatrix(rows: found.count, columns: count, values: rows).write(
                    to: URL(filePath: String(words[1])))
                print("written")
            default: throw FileError.unreadable(path: "standard input", reason: "'\(line)' is not a task")
            }
            fflush(nil)
        }
    }
}

/// The bare product, a bound for every search that computes products and writes them to memory.
private final class Product {
    private let set: RetrievalSet
    private let output: UnsafeMutablePointer<Float>

    private let blas: OpenBLAS

    init(_ set: RetrievalSet) throws {
        self.set = set
        blas = try OpenBLAS.loaded()
        let size = set.queries.rows * set.database.rows
        output = .allocate(capacity: size)
        // Touched before timing, so that the product does not pay for new pages.
        output.initialize(repeating: 0, count: size)
    }

    deinit { output.deallocate() }

    func perform() {
        set.queries.values.withUnsafeBufferPointer { queries in
            set.database.values.withUnsafeBufferPointer { rows in
                guard let queries = queries.baseAddress, let rows = rows.baseAddress else { return }
                blas.multiply(
                    queries, count: set.queries.rows, rows, rows: set.database.rows, columns: set.database.columns,
                    into: output)
            }
        }
    }
}
