import Foundation
import Testing

@testable import Catalog

/// Wildbook's spreadsheets as people export them.
struct WildbookSheetTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let parts = "Encounter.year,Encounter.month,Encounter.day,Encounter.hour,Encounter.minutes"

    private func time(_ cells: String) throws -> (date: String?, timestamp: String?) {
        try folder.write("a.jpg")
        try folder.write("x.csv", "Encounter.mediaAsset0,Encounter.dateInMilliseconds,\(Self.parts)\na.jpg,\(cells)\n")
        let photograph = try Catalog.read(folder.url).photographs[0]
        return (photograph.date, photograph.timestamp)
    }

    @Test(arguments: [
        (",2019,7,3,0,00", "2019-07-03"), (",2019,7,0,0,00", "2019-07"), (",2019,-1,0,0,00", "2019"),
        (",2019,0,5,,", "2019"), (",0,-1,0,0,00", nil), (",2019,7,-1,-1,-1", "2019-07"),
        (",2019.0,7.0,NA,,", "2019-07"),
        // 4 July in Alaska is 5 July in UTC.
        ("1562295600000,2019,7,4,20,0", "2019-07-04"),
        // Wildbook's milliseconds of a year alone are its first of January.
        ("1546300800000,2019,,,,", "2019"), ("1562295600000,,,,,", "2019-07-05"),
        ("1562295600000.0,0,0,0,,", "2019-07-05"), ("0,0,,,,", nil), ("NA,,,,,", nil),
    ])
    func `A date is as precise as it was entered`(cells: String, date: String?) throws {
        #expect(try time(cells).date == date)
    }

    @Test func `An unknown hour leaves the day, a known one counts`() throws {
        #expect(try time(",2019,7,4,-1,0").timestamp == nil)
        #expect(try time("1562295600000,2019,7,4,20,5").timestamp == "2019-07-04 20:05:00")
    }

    @Test(arguments: [",2019,13,1,,", ",2019,2,30,,", ",2019,July,1,,", ",2019,7,4,25,0", "1.56E+12,,,,,"])
    func `A date that does not exist is a problem`(cells: String) throws {
        #expect(throws: CatalogError.self) { try time(cells) }
    }

    @Test func `Photographs after a missing column are read, and those without a row are named`() throws {
        for name in ["A0.jpg", "A2.jpg", "A10.jpg", "B3.jpg", "C.jpg"] { try folder.write(name) }
        try folder.write(
            "export.csv",
            """
            Encounter.mediaAsset10,Encounter.mediaAsset0,Encounter.mediaAsset2,Encounter.mediaAsset3,Annotation2.ViewPoint,MarkedIndividual.individualID
            A10.jpg,A0.jpg,A2.jpg,,left,Anna
            ,,,B3.jpg,,Bert
            ,,,,,Cora
            """)
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        #expect(survey.catalog.photographs.map(\.path) == ["A0.jpg", "A2.jpg", "A10.jpg", "B3.jpg"])
        #expect(survey.catalog.photographs.map(\.viewpoint) == [.unknown, .left, .unknown, .unknown])
        #expect(
            survey.notes == [
                "1 row of export.csv without a photograph", "1 picture that export.csv does not name (C.jpg)",
            ])
    }

    @Test func `A sheet without photograph 0 is recognised`() throws {
        try folder.write("a.jpg")
        try folder.write("x.csv", "Encounter.mediaAsset1,Name0.value\na.jpg,Anna\n")
        #expect(try Catalog.read(folder.url).whales == ["Anna"])
    }

    @Test func `The first column that names an animal counts`() throws {
        try folder.write("a.jpg")
        try folder.write("x.csv", "Encounter.mediaAsset0,MarkedIndividual.individualID,Name0.value\na.jpg,NA,Anna\n")
        #expect(try Catalog.read(folder.url).whales == ["Anna"])
    }
}
