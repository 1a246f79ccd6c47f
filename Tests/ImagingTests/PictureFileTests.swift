import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct PictureFileTests {
    @Test func `The error for a missing file names it`() throws {
        let url = URL(filePath: "/nowhere/whale.jpg")
        let error = try #require(throws: FileError.self) { try PictureFile(at: url) }
        #expect(error.description.hasPrefix("Cannot read /nowhere/whale.jpg: "))
    }

    @Test func `A file's type depends on its first bytes and not on its name`() throws {
        let folder = try TemporaryFolder()
        let wanted = try #require(
            try Golden.decode(Golden.Pictures.self, from: "png.json").pictures.first { $0.name == "rgb" })
        let named = try folder.photograph("a PNG picture named", wanted.file)
        #expect(named.url.pathExtension == "jpg")
        #expect(try Raster.decoding(named) == wanted.raster)
    }

    @Test(arguments: [
        (Data(), "an empty file"), (Data("GIF89a".utf8), "a GIF picture"),
        (Data("<!doctype html><p>404".utf8), "a web page or XML"), (Data("nonsense".utf8), "something else"),
        (
            Data("version https://git-lfs.github.com/spec/v1\n".utf8),
            "a Git LFS pointer whose contents were not fetched"
        ),
    ])
    func `The error for another type of file names the type`(data: Data, found: String) throws {
        let error = try #require(throws: ImagingError.self) { try PictureFile(data, name: "x.jpg") }
        #expect(error == .notPicture(file: "x.jpg", found: found))
    }
}
