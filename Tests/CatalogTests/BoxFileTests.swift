import Basics
import Foundation
import Imaging
import Testing

@testable import Catalog

/// Boxes from MegaDetector or COCO next to a folder for each animal.
struct BoxFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func detections(_ images: String, threshold: String = "") throws {
        try folder.write(
            "detections.json",
            """
            {"info": {"format_version": "1.4"\(threshold)}, "images": [\(images)],
             "detection_categories": {"1": "animal", "2": "person", "3": "vehicle"}}
            """)
    }

    private func read() throws -> (boxes: [String?], notes: [String], layout: Layout) {
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        try survey.throwProblems()
        return (survey.catalog.photographs.map { $0.box?.text }, survey.notes, survey.folder.layout)
    }

    @Test func `MegaDetector's most confident animal counts, but no person or uncertain detection`() throws {
        for path in ["A/1.jpg", "A/2.jpg", "B/3.jpg", "B/4.jpg"] { try folder.photograph(path, width: 80, height: 40) }
        try detections(
            #"""
            {"file": "A/1.jpg", "detections": [{"category": "1", "conf": 0.5, "bbox": [0, 0, 0.5, 0.5]},
              {"category": "1", "conf": 0.9, "bbox": [0.25, 0.5, 0.5, 0.25]},
              {"category": "2", "conf": 0.99, "bbox": [0, 0, 1, 1]}]},
            {"file": "A/2.jpg", "detections": [{"category": "1", "conf": 0.19, "bbox": [0, 0, 0.5, 0.5]}]},
            {"file": "B/3.jpg", "failure": "Failure image access", "detections": null},
            {"file": "/mnt/survey/2020/B/4.jpg", "detections": [{"category": "1", "conf": 0.2, "bbox": [0, 0, 1, 0.5]}]},
            {"file": "C/5.jpg", "detections": [{"category": "1", "conf": 0.9, "bbox": [0, 0, 0.5, 0.5]}]}
            """#)
        let read = try read()
        #expect(read.layout == .folders)
        #expect(read.boxes == ["[20, 20, 40, 10]", nil, nil, "[0, 0, 80, 20]"])
        #expect(
            read.notes == [
                "1 in detections.json but not in the folder", "2 without a box in detections.json, used whole",
            ])
        #expect(try CatalogFolder(folder.url).photographListing().contains("\"[20, 20, 40, 10]\""))
    }

    @Test func `The file's own threshold counts, and names with backslashes are read`() throws {
        for path in ["A/1.jpg", "B/2.jpg"] { try folder.photograph(path, width: 80, height: 40) }
        try detections(
            #"""
            {"file": "A\\1.jpg", "detections": [{"category": "1", "conf": 0.7, "bbox": [0, 0, 0.5, 0.5]}]},
            {"file": "B\\2.jpg", "detections": [{"category": "1", "conf": 0.8, "bbox": [0, 0, 0.5, 0.5]}]}
            """#, threshold: #", "detector_metadata": {"typical_detection_threshold": 0.8}"#)
        #expect(try read().boxes == [nil, "[0, 0, 40, 20]"])
    }

    /// Upright it has 40 x 80 pixels; the box is its top left quarter.
    @Test(arguments: [
        (UInt8(1), "[0, 0, 20, 40]"), (2, "[20, 0, 20, 40]"), (3, "[20, 40, 20, 40]"), (4, "[0, 40, 20, 40]"),
        (5, "[0, 0, 40, 20]"), (6, "[0, 20, 40, 20]"), (7, "[40, 20, 40, 20]"), (8, "[40, 0, 40, 20]"),
    ])
    func `A box in the displayed picture is rotated back to the stored pixels`(orientation: UInt8, box: String) throws {
        let isTurned = orientation > 4
        try folder.photograph(
            "A/1.jpg", width: isTurned ? 80 : 40, height: isTurned ? 40 : 80, orientation: orientation)
        try folder.photograph("B/2.jpg", width: 40, height: 80)
        try detections(
            #"{"file": "A/1.jpg", "detections": [{"category": "1", "conf": 0.7, "bbox": [0, 0, 0.5, 0.5]}]}"#)
        #expect(try read().boxes == [box, nil])
    }

    @Test func `COCO without animal names adds boxes to folders with names`() throws {
        try folder.photograph("A/1.jpg", width: 80, height: 40, orientation: 6)
        try folder.photograph("A/2.jpg", width: 80, height: 40, orientation: 6)
        try folder.photograph("B/3.jpg", width: 80, height: 40)
        try folder.write(
            "annotations.json",
            """
            {"images": [{"id": 1, "file_name": "A/1.jpg", "width": 40, "height": 80},
                        {"id": 2, "file_name": "A/2.jpg", "width": 80, "height": 40}, {"id": 3, "file_name": "B/3.jpg"}],
             "annotations": [{"id": 1, "image_id": 1, "bbox": [0, 0, 20, 40]},
                             {"id": 2, "image_id": 2, "bbox": [0, 0, 20, 40]},
                             {"id": 3, "image_id": 3, "bbox": [0, 0, 10, 10]},
                             {"id": 4, "image_id": 3, "bbox": [5, 5, 30, 30]}]}
            """)
        let read = try read()
        #expect(read.layout == .folders)
        #expect(read.boxes == ["[0, 20, 40, 20]", "[0, 0, 20, 40]", "[5, 5, 30, 30]"])
    }

    @Test func `Two box files are refused, and the error for a truncated one gives its place`() throws {
        for path in ["A/1.jpg", "B/2.jpg"] { try folder.photograph(path, width: 80, height: 40) }
        try folder.write("a.json", #"{"images": [], "detections": []}"#)
        try folder.write("b.json", #"{"images": [], "detections": []}"#)
        #expect { try read() } throws: { "\($0)".contains("several files of layout folders: a.json, b.json") }
        try FileManager.default.removeItem(at: folder.url.appending(path: "b.json"))
        #expect { try read() } throws: { "\($0)".contains("a.json: the file has no 'detection_categories'") }
        try folder.write("a.json", #"{"images": [{"file": "A/1.jpg", "detections": "#)
        #expect { try read() } throws: { "\($0)".contains("a.json:1: this is not valid JSON") }
    }
}

extension TemporaryFolder {
    /// A grey JPEG file as stored, with an EXIF orientation.
    func photograph(_ path: String, width: Int, height: Int, orientation: UInt8 = 1) throws {
        let jpeg = try Raster(width: width, height: height, red: 90, green: 90, blue: 90).jpeg(quality: 80)
        let tiff: [UInt8] =
            Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0] + [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
            + [0, 0, 0, 0]
        let body = Array("Exif\0\0".utf8) + tiff
        let file = jpeg.prefix(2) + Data([0xFF, 0xE1, 0, UInt8(body.count + 2)] + body) + jpeg.dropFirst(2)
        try AtomicFile.write(file, to: url.appending(path: path))
    }
}
