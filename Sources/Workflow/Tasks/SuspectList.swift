import Basics
import Evaluation
import Foundation
import Results

/// The list of names that may be wrong, laid beside the reports for a curator to fill in.
public enum SuspectList: Equatable, Sendable {
    /// The list of the current run.
    case written(URL)
    /// A list with decisions, which stays as it is; `newer` is the current run's.
    case kept(URL, newer: URL)
}

extension Project {
    /// Copies the current run's `suspects.csv` into a folder, unless one with decisions, or another file, lies there.
    ///
    /// Of several searches, one for each seed and fold, the first is taken, as reports do.
    ///
    /// - Returns: What lies there now; nil where nothing is suspect and nothing was written.
    /// - Throws: ``FileError``, ``WorkflowError/notRun(node:reason:)``.
    public func layOutSuspects(in folder: URL) async throws -> SuspectList? {
        guard let newer = try await paths(of: .suspects).first else { return nil }
        let suspects = try SuspectTable.read(newer).map(\.suspect)
        let file = folder.appending(path: newer.lastPathComponent)
        if FileManager.default.fileExists(atPath: file.path) {
            let present = try FileError.attempt { try SuspectTable.read(file).map(\.suspect) }
            guard let present, present.allSatisfy({ $0.decision == .undecided }) else {
                return .kept(file, newer: newer)
            }
        } else if suspects.isEmpty {
            return nil
        }
        try SuspectTable.write(suspects, to: file)
        return .written(file)
    }
}
