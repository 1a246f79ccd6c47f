import Foundation
import Testing

struct ConcurrencyTests {
    @Test func `Of two runs started at once one works, and the other's error names it`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let first = try shell.start(["run"])
        // The lock is taken before anything is read; wait until it has its owner.
        let lock = shell.folder.appending(path: ".whalebook/lock")
        for _ in 0..<500 where (try? Data(contentsOf: lock))?.isEmpty ?? true { Thread.sleep(forTimeInterval: 0.005) }
        let second = try shell.whalebook("run")
        #expect(second.status == 6, "\(second.errors)")
        #expect(second.errors.contains("process \(first.processIdentifier) on "), "\(second.errors)")
        first.waitUntilExit()
        #expect(first.terminationStatus == 0)
        #expect(try shell.whalebook("status", "-q").status == 0)
    }
}
