import Basics
import Foundation
import Subprocess

/// The state of the git repository around a project, as far as git reports it.
struct Repository: Sendable, Equatable {
    /// The commit's full name; nil outside a repository or without git.
    let commit: String?
    let hasUncommittedChanges: Bool

    /// Queries git. A change of the configuration does not count, because every run records its own;
    /// `configuration` is its name in the folder, without the extension.
    ///
    /// - Throws: `OpenFilesError`.
    static func around(_ folder: URL, configuration: String) async throws -> Repository {
        try OpenFiles.checkForChild()
        let commit = await git(["rev-parse", "HEAD"], in: folder)
        let others = ["yaml", "yml"].map { ":(exclude,literal)\(configuration).\($0)" }
        let changes = commit == nil ? nil : await git(["status", "--porcelain", "--", ":/"] + others, in: folder)
        return Repository(commit: commit, hasUncommittedChanges: changes?.isEmpty == false)
    }

    private static func git(_ arguments: [String], in folder: URL) async -> String? {
        let result = try? await Subprocess.run(
            .name("git"), arguments: Arguments(["-C", folder.path] + arguments), output: .string(limit: 1 << 24),
            error: .discarded)
        guard let result, result.terminationStatus.isSuccess else { return nil }
        return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
