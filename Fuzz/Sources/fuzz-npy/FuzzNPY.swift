import Basics
import Foundation
import FuzzSupport

private let folder = FuzzFolder()

/// Vectors of NumPy: a matrix that is equal after writing and reading, or one of Whalebook's errors.
@main
enum FuzzNPY {
    static func main() {
        fuzz { input in
            folder.write(input, to: "vectors.npy")
            let again = folder.url.appending(path: "again.npy")
            do {
                let matrix = try NPYMatrix.read(folder.url.appending(path: "vectors.npy"))
                precondition(
                    matrix.rows > 0 && matrix.columns > 0 && matrix.values.count == matrix.rows * matrix.columns)
                try matrix.write(to: again)
                let copy = try NPYMatrix.read(again)
                precondition((copy.rows, copy.columns) == (matrix.rows, matrix.columns))
                // Compared by bits, since NaN does not equal itself.
                precondition(copy.values.lazy.map(\.bitPattern).elementsEqual(matrix.values.lazy.map(\.bitPattern)))
            } catch is FileError {
            } catch {
                fatalError("an error that is not Whalebook's: \(error)")
            }
        }
    }
}
