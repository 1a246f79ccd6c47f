import Foundation
import Testing

@testable import Workflow

struct RepositoryTests {
    @Test func `A changed configuration does not count as a change, any other file does`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "repository-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        func git(_ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["git", "-C", folder.path, "-c", "user.name=a", "-c", "user.email=a@b"] + arguments
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "git \(arguments)")
        }
        func state() async throws -> Repository { try await Repository.around(folder, configuration: "whalebook") }
        #expect(try await state() == Repository(commit: nil, hasUncommittedChanges: false))
        try write("data: pod\n", to: "whalebook.yaml")
        try write("1", to: "notes.txt")
        try git("init", "--quiet")
        try git("add", ".")
        try git("commit", "--quiet", "--message", "Begin")
        let commit = try #require(try await state().commit)
        try write("data: other\n", to: "whalebook.yaml")
        #expect(try await state() == Repository(commit: commit, hasUncommittedChanges: false))
        try write("2", to: "notes.txt")
        #expect(try await state() == Repository(commit: commit, hasUncommittedChanges: true))
    }
}
