import Basics
import Foundation
import Testing

@testable import Sample

/// The treatment of an existing folder.
struct SampleFolderTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func `An earlier sample is replaced only when the new one is complete`() throws {
        try AtomicFile.write("{}", to: sandbox.pod.appending(path: "sample.json"))
        try AtomicFile.write("old", to: sandbox.pod.appending(path: "images/train0000.jpg"))
        let folder = try SampleFolder(sandbox.pod)
        try AtomicFile.write("new", to: folder.partial.appending(path: "sample.json"))
        #expect(try names(in: sandbox.pod) == ["images", "sample.json"])
        try folder.finish()
        #expect(try names(in: sandbox.pod) == ["sample.json"])
        #expect(try names(in: sandbox.url) == ["pod"])
    }

    @Test func `An interrupted draw starts again`() throws {
        let half = try SampleFolder(sandbox.pod)
        try AtomicFile.write("half", to: half.partial.appending(path: "images/train9999.jpg"))
        let folder = try SampleFolder(sandbox.pod)
        try folder.finish()
        #expect(try names(in: sandbox.pod) == [])
    }

    @Test func `An empty folder may be filled`() throws {
        try FileManager.default.createDirectory(at: sandbox.pod, withIntermediateDirectories: true)
        try SampleFolder(sandbox.pod).finish()
        #expect(try names(in: sandbox.url) == ["pod"])
    }

    @Test(arguments: ["pod", "pod.partial"])
    func `A folder with other files is left alone`(name: String) throws {
        let file = sandbox.url.appending(path: "\(name)/thesis.tex")
        try AtomicFile.write("years of work", to: file)
        let error = #expect(throws: SampleError.self) { try SampleFolder(sandbox.pod) }
        #expect(error.map { "\($0)".contains("/\(name) holds files") } == true)
        #expect(try String(contentsOf: file, encoding: .utf8) == "years of work")
    }
}
