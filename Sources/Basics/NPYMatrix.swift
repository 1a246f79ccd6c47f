import Foundation

/// A matrix of 32-bit floats in NumPy's `.npy` format, version 1.0, C order.
public struct NPYMatrix: Sendable, Equatable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// `rows × columns` values, row by row.
    public let values: FloatValues

    /// Creates a matrix; `values` holds `rows × columns` numbers, row by row.
    public init(rows: Int, columns: Int, values: FloatValues) {
        precondition(values.count == rows * columns, "\(values.count) values for a \(rows) x \(columns) matrix")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Creates a matrix of numbers in memory, row by row.
    public init(rows: Int, columns: Int, values: [Float]) {
        self.init(rows: rows, columns: columns, values: FloatValues(values))
    }

    /// The first bytes of every file.
    public static let signature = Data([0x93] + "NUMPY".utf8)
    /// The largest number of columns that is read.
    public static let mostColumns = 1 << 20

    /// Maps a two-dimensional little-endian float32 array, so that only the parts used are read.
    ///
    /// - Throws: ``FileError`` for a file that is missing, cut short, empty, or of another type.
    public static func read(_ url: URL) throws -> NPYMatrix {
        let data = try FileError.contents(of: url, mapped: true)
        func malformed(
            _ problem: String,
            _ remedy: String = "Save it as numpy.save(path, array.astype('float32')) does, with two dimensions."
        ) -> FileError {
            .malformed(path: url.path, line: nil, problem: problem, remedy: remedy)
        }
        guard data.count >= 10, data.starts(with: signature) else {
            guard let kind = FileKind(of: data) else { throw malformed("this is not an .npy file") }
            let saving = "Save the embeddings with numpy.save(path, array.astype('float32'))."
            throw malformed(
                "this is not an .npy file but \(kind.name)", data.starts(with: [0x80]) ? saving : kind.remedy ?? saving)
        }
        let wide = data[6] >= 2
        guard !wide || data.count >= 12 else { throw malformed("the header is cut short") }
        let lengthBytes = data[8..<(wide ? 12 : 10)]
        let headerLength = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        let start = (wide ? 12 : 10) + headerLength
        guard start <= data.count else { throw malformed("the header is cut short") }
        let header = String(decoding: data[(wide ? 12 : 10)..<start], as: UTF8.self)
        let isFortran = header.contains("'fortran_order': True")
        guard header.contains("'<f4'") else {
            let type = header.firstMatch(of: /'descr': '([^']*)'/).map { String($0.1) }
            throw malformed(
                "the values are \(type.map { "of type \(quoted: $0)" } ?? "records"), not little-endian float32 ('<f4')"
                    + (isFortran ? ", and the array is in Fortran order" : ""),
                isFortran
                    ? "Save it with numpy.save(path, numpy.ascontiguousarray(array.astype('float32')))."
                    : "Save it with numpy.save(path, array.astype('float32')).")
        }
        guard !isFortran else {
            throw malformed(
                "the array is in Fortran order", "Save it with numpy.save(path, numpy.ascontiguousarray(array)).")
        }
        guard let match = header.firstMatch(of: /'shape': \((\d+), (\d+)\)/), let rows = Int(match.1),
            let columns = Int(match.2)
        else { throw malformed("the array does not have two dimensions") }
        guard rows > 0, columns > 0 else {
            throw malformed("the array of \(rows) x \(columns) values is empty", "Write one row for each photograph.")
        }
        guard rows <= Int32.max, columns <= mostColumns else {
            throw malformed(
                "the array has \(rows) x \(columns) values, more than \(Int32.max) rows or \(mostColumns) columns",
                "Write one row for each photograph.")
        }
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        let present = data.count - start
        guard !overflow, count <= present / 4 else {
            throw malformed("the header announces \(rows) x \(columns) values but \(present / 4) follow")
        }
        guard present == count * 4 else {
            throw malformed(
                "\(NumberText.counted(present - count * 4, "byte follows", "bytes follow")) after the "
                    + "\(rows) x \(columns) values of the header, where the file should end",
                "Copy it again from its source, or save it again.")
        }
        return NPYMatrix(
            rows: rows, columns: columns, values: FloatValues(data, offset: start, count: count))
    }

    /// Writes the array to a partial file and renames it into place.
    public func write(to url: URL) throws {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        // NumPy aligns the data to 64 bytes and ends the header with a newline.
        let padding = (64 - (10 + header.utf8.count + 1) % 64) % 64
        header += String(repeating: " ", count: padding) + "\n"
        var data = Self.signature + [1, 0]
        data.append(UInt8(header.utf8.count & 0xFF))
        data.append(UInt8(header.utf8.count >> 8))
        data.append(contentsOf: header.utf8)
        values.withUnsafeBufferPointer { data.append($0) }
        try AtomicFile.write(data, to: url)
    }
}
