import Basics
import Configuration
import Foundation
import Imaging
import Jobs
import Testing

@testable import Training

/// Embeddings of painted and mirrored photographs.
struct BackgroundJobTests {
    /// Gives the first photograph of each animal an outline, the second a box, and the third a box that covers it.
    private func describe(_ pond: Pond) throws {
        let file = pond.directory.appending(path: "metadata.csv")
        let table = try CSVTable.read(file)
        let outline = #"{"size": [40, 48], "counts": [480, 960, 480]}"#
        let rows = table.rows.map { row in
            switch row[0].suffix(2) {
            case "n0": row + ["", outline]
            case "n1": row + ["[8, 4, 30, 20]", ""]
            case "n2": row + ["[0, 0, 48, 40]", ""]
            default: row + ["", ""]
            }
        }
        try AtomicFile.write(CSVTable.text(header: table.header + ["bbox", "segmentation"], rows: rows), to: file)
    }

    private func performed(
        _ pond: Pond, painted: [String], mirrored: [String] = [], model: EmbedJob.Model
    ) throws -> URL {
        let folder = pond.directory.appending(path: "check")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var done: [Int] = []
        try BackgroundJob(
            data: DataSettings(folder: pond.directory.path), model: model, mirror: false, painted: painted,
            mirrored: mirrored, device: .cpu, precision: .float32, output: folder.path
        ).perform { event in
            if case .progress(let now, let total, _, _, _) = event {
                done.append(now)
                #expect(now <= total)
            }
        }
        #expect(done == done.sorted())
        return folder
    }

    @Test func `Painted photographs are embedded as if the picture had been painted`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        try describe(pond)
        let settings = try Pond.configuration().train
        let model = EmbedJob.Model.untrained(member: settings.members[0], train: settings, seed: 3)
        let ids = ["w0n0", "w0n1", "w0n2", "w0n3", "w1n0"]
        let folder = try performed(pond, painted: ids, mirrored: ["w2n3", "w0n3"], model: model)
        let regions = try CSVTable.read(folder.appending(path: BackgroundJob.Files.regions))
        #expect(regions.rows == [["w0n0", "outline"], ["w0n1", "box"], ["w1n0", "outline"]])
        let animal = try NPYMatrix.read(folder.appending(path: BackgroundJob.Files.animal))
        let background = try NPYMatrix.read(folder.appending(path: BackgroundJob.Files.background))
        #expect(animal.rows == 3 && background.rows == 3)

        // The same pictures, painted here and embedded as photographs of another folder.
        let catalog = try DataSettings(folder: pond.directory.path).catalog()
        let other = try Pond(photographs: 3)
        defer { other.remove() }
        func picture(_ id: String, _ part: PaintedPart?) throws -> Raster {
            let photograph = try #require(catalog[id])
            let file = catalog.file(of: photograph)
            return try Raster.decoding(part.map(file.painted) ?? file)
        }
        let pictures: [(name: String, raster: Raster)] = [
            ("w0n0", try picture("w0n0", .background)), ("w0n1", try picture("w0n1", nil)),
            ("w1n0", try picture("w1n0", .background)), ("w1n1", try picture("w0n0", .animal)),
            ("w2n0", try picture("w0n1", .animal)), ("w2n1", try picture("w1n0", .animal)),
            ("w3n0", try picture("w2n3", nil).mirrored()), ("w3n1", try picture("w0n3", nil).mirrored()),
        ]
        for (name, raster) in pictures {
            try AtomicFile.write(raster.png(), to: other.directory.appending(path: "images/\(name).jpg"))
        }
        let table = try CSVTable.read(other.directory.appending(path: "metadata.csv"))
        let sizeless = table.rows.map { row in row.enumerated().map { [2, 3].contains($0) ? "" : $1 } }
        try AtomicFile.write(
            CSVTable.text(header: table.header, rows: sizeless), to: other.directory.appending(path: "metadata.csv"))
        let expected = try other.embedding(model, into: "expected.npy")
        let order = try DataSettings(folder: other.directory.path).catalog()
        func same(_ matrix: NPYMatrix, _ row: Int, _ name: String) throws {
            let place = try #require(order.position(of: name))
            for column in 0..<matrix.columns {
                let difference = abs(matrix.values[row * 16 + column] - expected.values[place * 16 + column])
                // Batches of other sizes sum in another order.
                #expect(difference < 1e-4, "\(name) \(column)")
            }
        }
        for (row, name) in ["w0n0", "w0n1", "w1n0"].enumerated() { try same(animal, row, name) }
        for (row, name) in ["w1n1", "w2n0", "w2n1"].enumerated() { try same(background, row, name) }
        let mirrored = try NPYMatrix.read(folder.appending(path: BackgroundJob.Files.mirrored))
        for (row, name) in ["w3n0", "w3n1"].enumerated() { try same(mirrored, row, name) }
    }

    @Test func `Without anything to paint or mirror no matrix is written, and a malformed outline is an error`() throws
    {
        let pond = try Pond(photographs: 4)
        defer { pond.remove() }
        try describe(pond)
        let settings = try Pond.configuration().train
        let model = EmbedJob.Model.untrained(member: settings.members[0], train: settings, seed: 3)
        let folder = try performed(pond, painted: ["w0n3", "w0n2"], model: model)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [BackgroundJob.Files.regions])
        let file = pond.directory.appending(path: "metadata.csv")
        let text = try String(contentsOf: file, encoding: .utf8).replacing("480, 960, 480", with: "480, 960, 481")
        try AtomicFile.write(text, to: file)
        #expect {
            try performed(pond, painted: ["w1n0"], model: model)
        } throws: {
            "\($0)".hasPrefix("\(file.path):6: the outline is not usable: the run 481 leaves the picture")
        }
    }
}
