import Basics
import Catalog
import Foundation
import FuzzSupport

private let folder = FuzzFolder(file: "metadata.csv")

/// Tables: what parses must read back equal once it is written, and be a catalogue or an error of ours.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Data(UnsafeBufferPointer(start: start, count: count))
    guard let table = try? CSVTable(parsing: input, path: "input.csv") else { return 0 }
    let text = CSVTable.text(header: table.header, rows: table.rows)
    let again = try? CSVTable(parsing: Data(text.utf8), path: "again.csv")
    precondition(again?.header == table.header && again?.rows == table.rows, "written and read, the table differs")
    for layout in [Layout.competition, .wildlifeDatasets, .wildbook] { folder.read(input, as: layout) }
    return 0
}
