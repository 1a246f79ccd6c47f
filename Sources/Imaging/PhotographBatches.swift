import Basics
import Foundation

/// Batches that are prepared in the background and taken one by one with ``next()``.
///
/// Its threads end after the last batch, after an error, or when it is deallocated.
public final class PhotographBatches {
    /// The number of batches.
    public let count: Int
    private let monitor: Monitor<Progress>

    private struct Progress {
        /// The next photograph that no thread has started.
        var nextIndex = 0
        /// The number of batches taken.
        var taken = 0
        var unfinished: [Int: Slots] = [:]
        var finished: [Int: Result<PixelBatch, any Error>] = [:]
        var isCancelled = false
    }

    private struct Slots {
        var pictures: [Result<(raster: Raster, isMirrored: Bool), any Error>?]
        var missing: Int
    }

    init(
        photographs: [PhotographFile], batchSize: Int, threads: Int, ahead: Int, loader: PhotographLoader,
        preparation: Preparation
    ) {
        precondition(batchSize > 0, "a batch needs at least 1 photograph, not \(batchSize)")
        count = (photographs.count + batchSize - 1) / batchSize
        monitor = Monitor(Progress())
        let worker = Worker(
            photographs: photographs, batchSize: batchSize, ahead: ahead, loader: loader, preparation: preparation,
            monitor: monitor)
        for number in 0..<min(threads, photographs.count) {
            let thread = Thread { worker.run() }
            thread.name = "photographs-\(number)"
            thread.start()
        }
    }

    deinit { cancel() }

    /// The next batch, in order; nil after the last. Waits if necessary.
    ///
    /// - Throws: The error of the batch's first broken photograph; no batches follow.
    public func next() throws -> PixelBatch? {
        let result: Result<PixelBatch, any Error>? = monitor.wait { [count] progress in
            if progress.isCancelled || progress.taken == count { return .some(nil) }
            guard let finished = progress.finished.removeValue(forKey: progress.taken) else { return nil }
            progress.taken += 1
            return finished
        }
        do {
            return try result?.get()
        } catch {
            cancel()
            throw error
        }
    }

    /// Stops the threads; no batches follow.
    public func cancel() {
        monitor.withState {
            $0.isCancelled = true
            $0.unfinished = [:]
            $0.finished = [:]
        }
    }

    /// The body of each thread.
    private struct Worker: Sendable {
        let photographs: [PhotographFile]
        let batchSize: Int
        let ahead: Int
        let loader: PhotographLoader
        let preparation: Preparation
        let monitor: Monitor<Progress>

        func run() {
            while let index = takeIndex() {
                let picture = Result { try loader.picture(of: photographs[index], preparation: preparation) }
                let batch = index / batchSize
                guard let pictures = put(picture, at: index) else { continue }
                let finished = Result {
                    let pictures = try pictures.map { try $0.get() }
                    return PixelBatch(
                        pictures.map(\.raster), indices: indices(of: batch), isMirrored: pictures.map(\.isMirrored),
                        size: loader.size, normalisation: loader.normalisation)
                }
                monitor.withState { if !$0.isCancelled { $0.finished[batch] = finished } }
            }
        }

        private func indices(of batch: Int) -> Range<Int> {
            batch * batchSize..<min(photographs.count, (batch + 1) * batchSize)
        }

        /// The next photograph, once its batch may start; nil if there is none.
        private func takeIndex() -> Int? {
            monitor.wait { progress -> Int?? in
                if progress.isCancelled || progress.nextIndex == photographs.count { return .some(nil) }
                guard progress.nextIndex / batchSize < progress.taken + ahead else { return nil }
                defer { progress.nextIndex += 1 }
                return progress.nextIndex
            }
        }

        /// Puts a picture into its batch's slot, and returns the batch's pictures if it was the last.
        private func put(
            _ picture: Result<(raster: Raster, isMirrored: Bool), any Error>, at index: Int
        ) -> [Result<(raster: Raster, isMirrored: Bool), any Error>]? {
            let batch = index / batchSize
            let indices = indices(of: batch)
            return monitor.withState { progress in
                if progress.isCancelled { return nil }
                var slots =
                    progress.unfinished.removeValue(forKey: batch)
                    ?? Slots(pictures: Array(repeating: nil, count: indices.count), missing: indices.count)
                slots.pictures[index - indices.lowerBound] = picture
                slots.missing -= 1
                if slots.missing == 0 { return slots.pictures.compactMap(\.self) }
                progress.unfinished[batch] = slots
                return nil
            }
        }
    }
}
