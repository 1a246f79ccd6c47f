import Basics
import Foundation
import Results

/// The progress of a piece of work.
public struct RunProgress: Sendable, Equatable {
    public let done: Int
    public let total: Int
    public let unit: String
    /// The rate in units per second.
    public let rate: Double?
    /// A figure to show, such as the loss.
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

/// Receives the events of a run.
public protocol RunObserver: Sendable {
    /// A node starts, as number `position` of the `count` nodes to run, from 1. `secondsLeft` is the time that the
    /// remaining nodes took when they last ran; nil if one never ran.
    func started(_ node: Node, position: Int, count: Int, reason: String, secondsLeft: Double?)
    func progressed(_ node: Node, _ progress: RunProgress)
    func said(_ message: String)
    func finished(_ node: Node, seconds: Double)
}

/// Ignores all events.
public struct SilentObserver: RunObserver {
    /// Creates an observer.
    public init() {}
    public func started(_ node: Node, position: Int, count: Int, reason: String, secondsLeft: Double?) {}
    public func progressed(_ node: Node, _ progress: RunProgress) {}
    public func said(_ message: String) {}
    public func finished(_ node: Node, seconds: Double) {}
}

/// The progress of a piece of work, in words.
public struct ProgressLine: Sendable {
    private let progress: RunProgress
    private let elapsed: Double

    /// Creates a line for work that began `elapsed` ago.
    public init(_ progress: RunProgress, elapsed: Duration) {
        self.progress = progress
        self.elapsed = elapsed.seconds
    }

    private var share: Double {
        progress.total > 0 ? min(1, max(0, Double(progress.done) / Double(progress.total))) : 0
    }

    /// The seconds left at this rate, or nil while it is unknown.
    private var left: Double? {
        guard share > 0, share < 1, elapsed > 1 else { return nil }
        return elapsed / share * (1 - share)
    }

    private var details: String {
        var parts = ["\(progress.done)/\(progress.total) \(progress.unit)"]
        if let rate = progress.rate { parts.append("\(Int(rate.rounded()))/s") }
        if let note = progress.note, !note.isEmpty { parts.append(note.visible) }
        if let left { parts.append("\(NumberText.duration(seconds: left)) left") }
        return parts.joined(separator: ", ")
    }

    /// One line without a bar.
    public var text: String { "\(Int(share * 100)) %, \(details)" }

    /// A bar followed by the details, at most `width` columns wide.
    public func bar(width: Int, colour: Bool) -> String {
        let length = max(0, min(30, width - details.count - 8))
        let filled = Int((share * Double(length)).rounded())
        let done = String(repeating: "━", count: filled)
        let open = String(repeating: "─", count: length - filled)
        let bar = colour ? "\u{1B}[36m\(done)\u{1B}[0m\u{1B}[2m\(open)\u{1B}[0m" : done + open
        let percent = String(Int(share * 100))
        return String(repeating: " ", count: max(0, 4 - percent.count)) + "\(percent) % \(bar) "
            + details.prefix(max(0, width - length - 8))
    }
}
