import Basics
import Foundation
import Testing

/// A folder with photographs that cannot be read.
@Suite struct BrokenPhotographTests {
    @Test func `Broken photographs stop a run, all named, and are left out where that is asked for`() throws {
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
        for row in broken { #expect(stopped.errors.contains(row[path]), "\(stopped.errors)") }

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
}
