import Basics
import Foundation
import Imaging
import Testing

@testable import Catalog

/// The direction of the head in the layouts that have it.
@Suite struct HeadingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func table(_ cells: [String]) throws {
        for position in cells.indices { try folder.write("p\(position).jpg") }
        let rows = cells.enumerated().map { "p\($0),p\($0).jpg,40,90,top,,A,\($1)\n" }
        try folder.write(
            "metadata.csv", "image_id,path,height,width,viewpoint,date,whale_id,orientation\n" + rows.joined())
    }

    @Test func `The column gives the direction, in any case, and the metadata keep it`() throws {
        try table(["left", "Up", "RIGHT", "down", "", "unknown"])
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        let photographs = survey.catalog.photographs
        #expect(photographs.map(\.heading) == [.left, .up, .right, .down, nil, nil])
        #expect(survey.notes.isEmpty)
        try survey.catalog.writeMetadata()
        #expect(try Catalog.read(folder.url).photographs == photographs)
        #expect(photographs[1].named("B").heading == .up)
        #expect(photographs[1].placed(in: "x", id: "y", split: nil).heading == .up)
    }

    @Test func `Other texts are ignored, with one note that counts them`() throws {
        try table(["forward", "left", "90", "forward"])
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        #expect(survey.notes == ["3 orientations other than left, right, up or down: 'forward' 2, '90' 1"])
        #expect(survey.catalog.photographs.map(\.heading) == [nil, .left, nil, nil])
    }

    @Test func `COCO's annotations give it, and other types than texts are ignored`() throws {
        try folder.write("p.jpg")
        for (written, heading) in [(#""right""#, Heading.right), ("null", nil), ("[1, 2]", nil)] as [(String, Heading?)]
        {
            try folder.write(
                "c.json",
                """
                {"images": [{"id": 1, "file_name": "p.jpg"}],
                 "annotations": [{"id": 3, "image_id": 1, "name": "A", "orientation": \(written)}]}
                """)
            #expect(try Catalog.read(folder.url).photographs.map(\.heading) == [heading])
        }
    }

    @Test(
        arguments: [(0, .up), (0.7, .up), (.pi / 2, .left), (-.pi / 2, .right), (3, .down), (13, .up)]
            as [(Double, Heading)])
    func `A turned box turns the head the other way`(theta: Double, heading: Heading) {
        let photograph = Photograph(
            id: "a", path: "a.jpg", box: PixelBox(x: 0, y: 0, width: 9, height: 9), theta: theta, heading: .up,
            viewpoint: .left)
        #expect(photograph.pose == AnimalPose(heading: heading, side: .leftFlank))
    }

    @Test func `The viewpoint says which side is seen`() {
        let sides = ["top", "Right", "ventral", "front", ""].map { Viewpoint($0).side }
        #expect(sides == [.aboveOrBelow, .rightFlank, .aboveOrBelow, .other, .other])
    }
}
