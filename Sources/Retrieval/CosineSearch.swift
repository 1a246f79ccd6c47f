import COpenBLAS
import Dispatch

/// Exact nearest neighbours: blocks of single-precision products find the candidates, double precision ranks them.
///
/// A matrix product's low bits depend on block, thread count and processor. The candidates are therefore all rows
/// within its error of the count-th best, and are scored again by one sum whose order is fixed.
struct CosineSearch {
    let queries: EmbeddingMatrix
    let database: EmbeddingMatrix
    let excluded: [Int?]
    let count: Int
    /// The numbers of one block of similarities: 32 MiB.
    var blockCapacity = 1 << 23

    private var columns: Int { database.columns }

    /// Twice the bound γ of a single-precision inner product's error for rows of unit length, and the last rounding.
    ///
    /// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1.
    private var margin: Float { 2 * 1.01 * Float(columns + 2) * 0x1p-24 }

    func perform() -> [[Neighbour]] {
        guard database.rows > 0 else { return Array(repeating: [], count: queries.rows) }
        let block = min(max(blockCapacity / database.rows, 8), 1024, max(queries.rows, 1))
        let similarities = UnsafeMutableBufferPointer<Float>.allocate(capacity: block * database.rows)
        defer { similarities.deallocate() }
        var result: [[Neighbour]] = []
        result.reserveCapacity(queries.rows)
        for start in stride(from: 0, to: queries.rows, by: block) {
            let range = start..<min(start + block, queries.rows)
            multiply(range, into: similarities)
            result += select(range, from: similarities)
        }
        return result
    }

    private func multiply(_ range: Range<Int>, into similarities: UnsafeMutableBufferPointer<Float>) {
        guard columns > 0 else { return similarities.update(repeating: 0) }
        queries.values.withUnsafeBufferPointer { queries in
            database.values.withUnsafeBufferPointer { rows in
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, blasint(range.count), blasint(database.rows),
                    blasint(columns), 1, queries.baseAddress! + range.lowerBound * columns, blasint(columns),
                    rows.baseAddress, blasint(columns), 0, similarities.baseAddress, blasint(database.rows))
            }
        }
    }

    private func select(_ range: Range<Int>, from similarities: UnsafeMutableBufferPointer<Float>) -> [[Neighbour]] {
        Array(unsafeUninitializedCapacity: range.count) { output, initialized in
            // Safe: an iteration touches its own row and place alone, and all end before the buffers do.
            nonisolated(unsafe) let output = output.baseAddress!
            nonisolated(unsafe) let similarities = similarities
            DispatchQueue.concurrentPerform(iterations: range.count) { offset in
                let row = UnsafeMutableBufferPointer(
                    rebasing: similarities[offset * database.rows..<(offset + 1) * database.rows])
                (output + offset).initialize(to: rank(row, of: range.lowerBound + offset))
            }
            initialized = range.count
        }
    }

    private func rank(_ similarities: UnsafeMutableBufferPointer<Float>, of query: Int) -> [Neighbour] {
        let excluded = excluded[query]
        if let excluded { similarities[excluded] = -.infinity }
        let available = similarities.count - (excluded == nil ? 0 : 1)
        guard available > 0 else { return [] }
        let floor = Self.greatest(min(count, available), of: UnsafeBufferPointer(similarities)) - margin
        var candidates: [Neighbour] = []
        candidates.reserveCapacity(min(count, available) + 8)
        for row in similarities.indices where similarities[row] >= floor {
            candidates.append(Neighbour(row: row, score: cosine(query, row)))
        }
        candidates.sort { ($1.score, $0.row) < ($0.score, $1.row) }
        candidates.removeLast(max(0, candidates.count - count))
        return candidates
    }

    /// The count-th greatest number, found with a bounded heap whose root is the least of the greatest so far.
    static func greatest(_ count: Int, of numbers: UnsafeBufferPointer<Float>) -> Float {
        var heap = Array(numbers.prefix(count))
        heap.withUnsafeMutableBufferPointer { heap in
            for parent in stride(from: count / 2 - 1, through: 0, by: -1) { settle(parent, in: heap) }
            for index in count..<numbers.count where numbers[index] > heap[0] {
                heap[0] = numbers[index]
                settle(0, in: heap)
            }
        }
        return heap[0]
    }

    private static func settle(_ start: Int, in heap: UnsafeMutableBufferPointer<Float>) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }

    /// The inner product; products of two `Float`s are exact in `Double`, so only the order of the sum matters.
    private func cosine(_ query: Int, _ row: Int) -> Float {
        queries.values.withUnsafeBufferPointer { first in
            database.values.withUnsafeBufferPointer { second in
                let x = UnsafeBufferPointer(rebasing: first[query * columns..<(query + 1) * columns])
                let y = UnsafeBufferPointer(rebasing: second[row * columns..<(row + 1) * columns])
                var lanes = SIMD8<Double>.zero
                let whole = columns & ~7
                for start in stride(from: 0, to: whole, by: 8) {
                    for lane in 0..<8 { lanes[lane] += Double(x[start + lane]) * Double(y[start + lane]) }
                }
                var sum = 0.0
                for lane in 0..<8 { sum += lanes[lane] }
                for index in whole..<columns { sum += Double(x[index]) * Double(y[index]) }
                return Float(sum)
            }
        }
    }
}
