import Basics
import Catalog
import Digests
import Foundation
import Testing

@testable import Exports

/// The form that mlcroissant 1.1.1 validated and loaded.
@Suite struct CroissantTests {
    private func written(
        _ origin: CroissantMetadata.Origin? = nil, boxed: Bool = false
    ) throws -> (json: JSONValue, table: CSVTable, bytes: Data) {
        let folder = try TemporaryFolder("croissant")
        defer { folder.remove() }
        let pod = folder.url.appending(path: "the \"pod\", 1")
        try ExportedPod.write(to: pod)
        let metadata = CroissantMetadata(
            ExportedPod.catalog(in: pod, boxed: boxed), digests: ["a": String(repeating: "0", count: 64)],
            origin: origin)
        let files = metadata.files
        #expect(files.map(\.path) == [["croissant", "croissant.json"], ["croissant", "metadata.csv"]])
        let url = folder.url.appending(path: "metadata.csv")
        try files[1].write(to: url)
        return (try JSONValue(parsing: files[0].contents()), try CSVTable.read(url), try Data(contentsOf: url))
    }

    @Test func `The table has every photograph with its size and digest, and its own digest is stated`() throws {
        let (json, table, bytes) = try written()
        #expect(table.header.suffix(2) == ["bytes", "sha256"] && table.rows.count == 4)
        let whale = try table.column("whale_id")
        #expect(table.rows[0][whale] == ExportedPod.hostile)
        #expect(table.rows[3][table.header.count - 2] == "10" && table.rows[3].last == "")
        #expect(table.rows[0].last == String(repeating: "0", count: 64))
        #expect(json[path: "distribution.0.sha256"] == .string(Digest.of(bytes)))
        #expect(json[path: "distribution.0.contentSize"] == .string("\(bytes.count) B"))
        #expect(json[path: "distribution.0.contentUrl"] == "metadata.csv")
    }

    @Test func `Every column is a field with a type and a meaning of its own`() throws {
        let (json, table, _) = try written(boxed: true)
        let fields = try #require(json[path: "recordSet.0.field"]?.array)
        #expect(fields.map { $0[path: "source.extract.column"]?.string } == table.header)
        #expect(table.header.contains("theta"))
        for field in fields {
            #expect(field["description"] != field["name"], "\(field)")
            #expect(field["@id"]?.string == "photographs/\(field["name"]?.string ?? "")")
        }
        #expect(fields.first { $0["name"] == "width" }?["dataType"] == "sc:Integer")
        #expect(json[path: "recordSet.0.key.@id"] == "photographs/image_id")
    }

    @Test func `Pictures are found by their endings, in the folder and below it`() throws {
        let json = try written().json
        #expect(json[path: "distribution.1.includes"] == ["*.jpg", "**/*.jpg", "*.png", "**/*.png"])
        #expect(json[path: "distribution.1.encodingFormat"] == ["image/jpeg", "image/png"])
        #expect(json["name"] == "the \"pod\", 1" && json["conformsTo"] == "http://mlcommons.org/croissant/1.0")
        #expect(json["description"] == "4 photographs of 2 animals, for re-identification of individuals.")
    }

    @Test func `The licence, the citation and the page are stated if they are known`() throws {
        let unknown = try written().json
        #expect(["license", "citeAs", "url"].allSatisfy { unknown[$0] == nil })
        let known = try written(.init(licence: "https://cdla.dev/permissive-1-0/", credit: "Beluga ID", page: "p")).json
        #expect(known["license"] == "https://cdla.dev/permissive-1-0/" && known["citeAs"] == "Beluga ID")
        #expect(known["url"] == "p")
    }
}
