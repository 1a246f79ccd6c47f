import Foundation
import Results

/// How far a piece of work is.
public struct RunProgress: Sendable, Equatable {
    public let done: Int
    public let total: Int
    public let unit: String
    /// Photographs, or whatever the unit is, a second.
    public let rate: Double?
    /// A figure worth showing, such as the loss.
    public let note: String?

    /// Creates a progress.
    public init(done: Int, total: Int, unit: String, rate: Double? = nil, note: String? = nil) {
        self.done = done
        self.total = total
        self.unit = unit
        self.rate = rate
        self.note = note
    }
}

/// Is told what a run does.
public protocol RunObserver: Sendable {
    /// A node starts; `position` of `count` that this run has to do, from 1. `secondsLeft` is what the nodes that are
    /// left took when they last ran; nil where one never did.
    func started(_ node: Node, position: Int, count: Int, reason: String, secondsLeft: Double?)
    func progressed(_ node: Node, _ progress: RunProgress)
    func said(_ message: String)
    func finished(_ node: Node, seconds: Double)
}

/// Looks away.
public struct SilentObserver: RunObserver {
    /// Creates an observer.
    public init() {}
    public func started(_ node: Node, position: Int, count: Int, reason: String, secondsLeft: Double?) {}
    public func progressed(_ node: Node, _ progress: RunProgress) {}
    public func said(_ message: String) {}
    public func finished(_ node: Node, seconds: Double) {}
}
