import Basics
import Foundation
import Testing

@testable import Sample

/// What may become of the folder that a sample is asked for.
struct SampleFolderTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func `An earlier sample stands until the new one is whole, and then goes`() throws {
        try AtomicFile.write("{}", to: sandbox.pod.appending(path: "sample.json"))
        try AtomicFile.write("old", to: sandbox.pod.appending(path: "images/train0000.jpg"))
        let folder = try SampleFolder(sandbox.pod)
        try AtomicFile.write("new", to: folder.partial.appending(path: "sample.json"))
        #expect(try names(in: sandbox.pod) == ["images", "sample.json"])
        try folder.finish()
        #expect(try names(in: sandbox.pod) == ["sample.json"])
        #expect(try names(in: sandbox.url) == ["pod"])
    }

    @Test func `A draw that was cut short is begun anew`() throws {
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
    func `A folder of somebody else's is left alone`(name: String) throws {
        let file = sandbox.url.appending(path: "\(name)/thesis.tex")
        try AtomicFile.write("years of work", to: file)
        let error = #expect(throws: SampleError.self) { try SampleFolder(sandbox.pod) }
        #expect(error.map { "\($0)".contains("/\(name) holds files") } == true)
        #expect(try String(contentsOf: file, encoding: .utf8) == "years of work")
    }
}
