import Basics
import Foundation
import Jobs

/// What a rehearsal measured, with when and under which load: a timing ages, and a busy machine gives another.
struct KeptRehearsal: Codable, Sendable, Equatable {
    var facts: RehearsalFacts
    var measuredAt: Date
    /// Processes that wanted to run when it was measured, the mean over a minute; nil where the system does not tell.
    var load: Double?

    enum CodingKeys: String, CodingKey {
        case facts, load
        case measuredAt = "measured_at"
    }

    /// A day.
    static let lifetime = 86_400.0
    /// One process more or less makes a training on two cores several times as slow or fast.
    static let otherLoad = 0.75

    /// Whether it may still be told.
    func holds(at now: Date, load: Double?) -> Bool {
        let age = now.timeIntervalSince(measuredAt)
        guard age >= 0, age < Self.lifetime else { return false }
        guard let then = self.load, let load else { return true }
        return abs(load - then) < Self.otherLoad
    }

    /// The load of the last minute, as the kernel tells it.
    static var currentLoad: Double? {
        let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)
        return text?.split(separator: " ").first.flatMap { Double($0) }
    }
}
