import Basics
import Foundation
import Reports

/// Evaluates runs anew from their rankings, labels and splits, so that nothing rests on the evaluation that they wrote.
struct Recount {
    let repetition: Repetition

    /// A record whose evaluations are counted anew; where one differs from what the run wrote is a finding.
    ///
    /// - Throws: ``FileError`` for a ranking that cannot be read, or what the evaluation throws.
    func recounted(_ record: RenderRecord, _ verification: inout Verification) async throws -> RenderRecord {
        var folders: [String: URL] = [:]
        for run in record.runs {
            guard let node = run.nodes.first(where: { $0.stage == .evaluate }),
                folders[node.place] == nil
            else { continue }
            let missing = try repetition.missing(for: node, run)
            guard missing.isEmpty else {
                verification.join([
                    Finding(
                        file: node.place,
                        problem: "cannot be counted anew: the record names no result of \(missing.listed()). Run "
                            + "'whalebook run', then render again")
                ])
                continue
            }
            let counted = try await repetition.outputs(of: node, run)
            for name in node.files.keys.sorted() {
                let file = node.directory.appending(path: name)
                guard let found = try FileError.attempt({ try FileError.contents(of: file) }) else { continue }
                let made = counted.appending(path: name)
                guard let expected = try FileError.attempt({ try FileError.contents(of: made) }) else {
                    verification.join([
                        Finding(file: "\(node.place)/\(name)", problem: "is no file that an evaluation writes")
                    ])
                    continue
                }
                verification.join(
                    FileDifferences.findings(in: "\(node.place)/\(name)", found: found, expected: expected))
            }
            folders[node.place] = counted
        }
        let counted = record.locating { folders[$0.place] ?? $0.directory }
        return try counted.comparing { comparison in
            guard let old = comparison.old.entry, let new = comparison.new.entry else { return comparison.result }
            return try RunComparison(
                old, new, oldFolder: comparison.old.folder(of: .evaluate),
                newFolder: comparison.new.folder(of: .evaluate)
            ).summary
        }
    }
}
