import Basics

extension String {
    /// A name for a file: letters and digits, and other characters by their code, so that no two texts share a file.
    var fileStem: String {
        let name = unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_")
                ? String(scalar) : scalar == "-" ? "--" : "-\(String(scalar.value, radix: 16))-"
        }.joined()
        // File systems allow 255 bytes.
        return name.utf8.count <= 200 ? name : "\(name.prefix(180))-\(fnv1a64)"
    }
}
