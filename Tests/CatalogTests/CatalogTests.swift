import Basics
import Catalog
import Foundation
import Testing

@Suite struct CatalogTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")

    func catalog(_ rows: String) throws -> Catalog {
        try AtomicFile.write("", to: folder.appending(path: "images/a.jpg"))
        try AtomicFile.write(
            "image_id,path,height,width,viewpoint,date,timestamp,whale_id,encounter_id\n" + rows,
            to: folder.appending(path: "metadata.csv"))
        return try Catalog.read(folder)
    }

    @Test func `All problems are reported at once, each with its line and remedy`() throws {
        let rows = """
            a,images/a.jpg,10,20,top,2020-01-01,,w,e
            a,images/a.jpg,10,20,top,2020-01-01,,w,e
            b,images/b.jpg,10,20,top,2020-01-01,,w,e
            c,images/a.jpg,10,20,topp,2020-01-01,,w,e
            d,../a.jpg,10,20,top,2020-01-01,,w,e
            e,images/a.jpg,0,20,top,2020-01-01,,w,e

            """
        let error = try #require(throws: CatalogError.self) { try catalog(rows) }
        let lines = error.problems.map(\.description).map { $0.replacing(folder.path + "/", with: "") }
        #expect(
            lines == [
                "metadata.csv:3: image_id 'a' already occurs on line 2. Keep one row for each photograph.",
                "metadata.csv:4: the image 'images/b.jpg' of 'b' is missing. Put the file there, or remove the row.",
                "metadata.csv:5: unknown viewpoint 'topp' of 'c'. Did you mean 'top'?",
                "metadata.csv:6: the path '../a.jpg' of 'd' leaves the folder. "
                    + "Write it relative to \(folder.path), without '..'.",
                "metadata.csv:7: the size '0' x '20' of 'e' is not two positive numbers. "
                    + "Write height and width in pixels.",
            ])
    }

    @Test func `Labels are required only if they are needed`() throws {
        let catalog = try catalog("a,images/a.jpg,10,20,top,,,,\n")
        let error = try #require(throws: CatalogError.self) { try catalog.require([.whale, .encounter]) }
        #expect(
            error.problems.map(\.problem) == [
                "no animal for 1 of 1 photographs (line 2)",
                "no encounter for 1 of 1 photographs (line 2)",
            ])
    }

    @Test func `Scenarios read back equal, and their labels come from the animals`() throws {
        let catalog = try catalog(
            "a,images/a.jpg,1,2,top,,,w,e\nb,images/a.jpg,1,2,left,,,w,f\nc,images/a.jpg,1,2,top,,,v,g\n")
        let scenario = Scenario(id: "s", queries: [.init(id: "s-a", imageID: "a")], database: ["a", "b", "c"])
        try ScenarioFiles.write([scenario], of: catalog, to: folder)
        #expect(try ScenarioFiles.read(catalog) == [scenario])
        let labels = try CSVTable.read(folder.appending(path: "labels.csv"))
        #expect(labels.rows == [["s-a", "b"]])
    }

    @Test func `A scenario with a photograph missing from the catalogue is refused with its line`() throws {
        let catalog = try catalog("a,images/a.jpg,1,2,top,,,w,e\n")
        let scenario = Scenario(id: "s", queries: [.init(id: "s-a", imageID: "a")], database: ["a", "zz"])
        try ScenarioFiles.write([scenario], of: catalog, to: folder)
        let error = try #require(throws: CatalogError.self) { try ScenarioFiles.read(catalog) }
        #expect(error.description.contains("databases/s.csv:3: metadata.csv has no photograph 'zz'"))
    }
}
