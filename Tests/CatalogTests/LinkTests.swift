import Foundation
import Testing

@testable import Catalog

/// Links to photographs that lie elsewhere, as DVC, git-annex and the cache of Hugging Face make them.
struct LinkTests {
    let folder: TemporaryFolder
    let cache: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        cache = try TemporaryFolder()
        try cache.write("objects/1.jpg")
        try cache.write("Bert/2.jpg")
        try folder.write("Anna/0.jpg")
        try link("Anna/1.jpg", to: cache.url.appending(path: "objects/1.jpg").path)
        try link("Bert", to: cache.url.appending(path: "Bert").path)
    }

    private func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.url.appending(path: path).path, withDestinationPath: target)
    }

    private func survey(_ links: [String]) throws -> CatalogSurvey {
        try CatalogSurvey(CatalogFolder(folder.url, layout: .folders, links: links))
    }

    @Test func `By default a link that leaves the folder is refused or reported, with the option that allows it`()
        throws
    {
        let survey = try survey([])
        #expect(survey.problems.count == 1)
        #expect(survey.problems.lines[0].contains("leaves the folder through a link. Put the file itself in"))
        #expect(survey.problems.lines[0].contains("or allow the link with --links or data.links: [/"))
        #expect(survey.notes.contains { $0.hasPrefix("1 link to a folder (Bert): to follow them, list in data.links") })
    }

    @Test func `Links are followed to the places that are listed`() throws {
        let survey = try survey([cache.url.path])
        #expect(survey.problems.isEmpty && survey.notes.isEmpty)
        #expect(survey.catalog.photographs.map(\.path) == ["Anna/0.jpg", "Anna/1.jpg", "Bert/2.jpg"])
    }

    @Test func `A link out of a listed place, back into the folder or in a circle is not followed`() throws {
        let other = try TemporaryFolder()
        try other.write("Cora/3.jpg")
        try FileManager.default.createSymbolicLink(
            at: cache.url.appending(path: "Bert/out"), withDestinationURL: other.url.appending(path: "Cora"))
        try FileManager.default.createSymbolicLink(
            at: cache.url.appending(path: "Bert/circle"), withDestinationURL: cache.url.appending(path: "Bert"))
        try FileManager.default.createSymbolicLink(
            at: cache.url.appending(path: "Bert/back"), withDestinationURL: folder.url)
        let survey = try survey([cache.url.path])
        #expect(survey.catalog.photographs.map(\.path) == ["Anna/0.jpg", "Anna/1.jpg", "Bert/2.jpg"])
        #expect(survey.notes.contains { $0.hasPrefix("3 links to folders") })
    }

    @Test func `A neighbour whose name begins alike is not a listed place`() throws {
        let survey = try survey([String(cache.url.path.dropLast())])
        #expect(survey.problems.count == 1)
    }

    @Test func `A link without its file says how to get it`() throws {
        try link("Anna/4.jpg", to: "../.git/annex/objects/x/y/4.jpg")
        #expect(try survey([cache.url.path]).problems.lines.contains { $0.contains("'git annex get'") })
    }
}
