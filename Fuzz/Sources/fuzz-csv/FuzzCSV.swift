import Basics
import Catalog
import Foundation
import FuzzSupport

private let folder = FuzzFolder()

/// Tables: what parses must be equal after writing and reading, and give a catalogue or one of Whalebook's errors.
@main
enum FuzzCSV {
    static func main() {
        fuzz { input in
            guard let table = try? CSVTable(parsing: input, path: "input.csv") else { return }
            let text = CSVTable.text(header: table.header, rows: table.rows)
            let again = try? CSVTable(parsing: Data(text.utf8), path: "again.csv")
            precondition(
                again?.header == table.header && again?.rows == table.rows, "the table differs when read back")
            folder.write(input, to: "metadata.csv")
            for layout in [Layout.competition, .wildlifeDatasets, .wildbook] { folder.read(as: layout) }
        }
    }
}
