import Basics
import Foundation

/// The members of COCO's JSON that are read.
struct COCOFile: Decodable {
    /// An id: a number in COCO, sometimes a text in Wild Me's files.
    struct ID: Decodable, Hashable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    struct Image: Decodable {
        let id: ID
        let fileName: String
        let width: Int?
        let height: Int?
        let date: String?

        enum CodingKeys: String, CodingKey {
            case id, width, height
            case fileName = "file_name", date = "date_captured"
        }
    }

    struct Annotation: Decodable {
        let id: ID
        let imageID: ID
        let box: [Double]?
        let name: String?
        let viewpoint: String?
        let encounterID: ID?

        enum CodingKeys: String, CodingKey {
            case id, name, viewpoint
            case imageID = "image_id", box = "bbox", encounterID = "encounter_id"
        }
    }

    let images: [Image]
    let annotations: [Annotation]
}

/// JSON written by other programs.
enum ForeignJSON {
    /// Reads a file.
    ///
    /// - Throws: ``FileError``, with the place of a missing member or a wrong type.
    static func read<Content: Decodable>(_ content: Content.Type, from url: URL) throws -> Content {
        let data = try FileError.contents(of: url)
        do {
            return try JSONDecoder().decode(Content.self, from: data)
        } catch let error as DecodingError {
            throw FileError.malformed(
                path: url.path, line: nil, problem: error.place, remedy: "Correct the file, or export it again.")
        }
    }

    /// The JSON files of a folder that contain the key `images` and one of some other keys.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    static func names(in listing: FolderListing, with others: [String]) throws -> [String] {
        try listing.names.filter { name in
            let file = listing.directory.appending(path: name)
            guard name.lowercased().hasSuffix(".json"),
                let data = try FileError.attempt({ try FileError.contents(of: file, mapped: true) })
            else { return false }
            func holds(_ key: String) -> Bool { data.range(of: Data("\"\(key)\"".utf8)) != nil }
            return holds("images") && others.contains(where: holds)
        }
    }
}

extension DecodingError {
    /// What is wrong and where in the JSON, human-readable.
    fileprivate var place: String {
        func at(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined().trimmingPrefix(".").description
        }
        return switch self {
        case .keyNotFound(let key, let context):
            "\(context.codingPath.isEmpty ? "the file" : at(context.codingPath)) has no \(quoted: key.stringValue)"
        case .typeMismatch(let type, let context): "\(at(context.codingPath)) is not of type \(type)"
        case .valueNotFound(let type, let context): "\(at(context.codingPath)) is null but should be of type \(type)"
        case .dataCorrupted(let context):
            "this is not valid JSON" + (context.codingPath.isEmpty ? "" : " at \(at(context.codingPath))")
        @unknown default: "this JSON does not have the expected structure"
        }
    }
}
