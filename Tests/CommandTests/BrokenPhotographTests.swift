import Basics
import Foundation
import Testing

/// A folder with unreadable photographs.
@Suite struct BrokenPhotographTests {
    @Test func `Broken photographs stop a run, which names all of them, and are left out on request`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let table = try CSVTable.read(shell.folder.appending(path: "pod/metadata.csv"))
        let (id, path) = (try table.column("image_id"), try table.column("path"))
        let broken = [table.rows[3], table.rows[20]]
        for row in broken {
            let file = shell.folder.appending(path: "pod/\(row[path])")
            try Data(contentsOf: file).prefix(300).write(to: file)
        }
        let stopped = try shell.whalebook("run")
        #expect(stopped.status == 3)
        for row in broken { #expect(stopped.errors.contains("\n  \(row[id]): "), "\(stopped.errors)") }

        let run = try shell.whalebook("run", "--skip-broken")
        #expect(run.status == 0, "\(run.errors)")
        for row in broken { #expect(run.errors.contains("left out: \(row[id])"), "\(run.errors)") }
        #expect(try shell.whalebook("status", "-q", "--skip-broken").status == 0)
        #expect(try shell.whalebook("status", "-q").status == 2)

        try shell.write(shell.read("whalebook.yaml") + "skip-broken: true\n", to: "whalebook.yaml")
        #expect(try shell.whalebook("status", "-q").status == 0, "the file may say it too")
        #expect(try shell.whalebook("render", "reports/trial.book.md").status == 0)
        #expect(
            try shell.read("reports/trial.md").contains("Left out of everything: 2 photographs that could not be read"))
    }

    /// Root can read everything, so the command runs as nobody.
    @Test(.enabled(if: geteuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0, "needs root, to become nobody"))
    func `A photograph without read permission is broken until it has permission`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let file = shell.folder.appending(path: "pod/images/train0003.jpg").path
        #expect(chmod(file, 0) == 0)
        let nobody = uid_t(65_534)
        for path in try FileManager.default.subpathsOfDirectory(atPath: shell.folder.path) + [""] {
            #expect(chown(shell.folder.appending(path: path).path, nobody, nobody) == 0)
        }
        func split(_ options: String...) throws -> Shell.Outcome {
            try shell.execute(
                URL(filePath: "/usr/bin/setpriv"),
                ["--reuid=65534", "--regid=65534", "--clear-groups", Shell.executable.path, "run", "split"] + options,
                environment: ["HOME": shell.folder.path])
        }
        let stopped = try split()
        #expect(stopped.status == 1 && stopped.errors.contains("train0003.jpg: permission denied"), "\(stopped.errors)")
        let skipped = try split("--skip-broken")
        #expect(skipped.status == 0 && skipped.errors.contains("left out: train0003"), "\(skipped.errors)")
        #expect(chmod(file, 0o644) == 0)
        let whole = try split("--skip-broken")
        #expect(whole.status == 0 && whole.errors.contains("split fold 0"), "noticed: \(whole.errors)")
        #expect(!whole.errors.contains("left out"))
    }
}
