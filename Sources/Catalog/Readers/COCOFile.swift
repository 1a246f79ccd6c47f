import Basics
import Foundation

/// The members of COCO's JSON that are read.
struct COCOFile: Decodable {
    /// An id or a name: a number in COCO, sometimes a text in Wild Me's files.
    struct ID: Decodable, Hashable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = String(number)
            } else if let number = try? container.decode(Double.self) {
                text = "\(number)"
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
        /// Nil for the words and numbers by which programs say that it is unknown.
        let date: String?

        /// Nil unless both are known.
        var sides: PictureSides? {
            guard let width, let height else { return nil }
            return PictureSides(width: width, height: height)
        }

        enum CodingKeys: String, CodingKey {
            case id, width, height
            case fileName = "file_name", date = "date_captured"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(ID.self, forKey: .id)
            fileName = try container.decode(String.self, forKey: .fileName)
            width = try container.decodeIfPresent(Int.self, forKey: .width)
            height = try container.decodeIfPresent(Int.self, forKey: .height)
            // CVAT and Datumaro write 0.
            let text = try container.decodeIfPresent(ID.self, forKey: .date)?.text
            date = text.flatMap { $0 == "0" || NobodyNames.standard.contains($0) ? nil : $0 }
        }
    }

    struct Annotation: Decodable {
        let id: ID
        let imageID: ID
        let box: [Double]?
        /// The box's turn in radians, as written.
        let theta: String?
        /// The animal's name, or else its only id; nil if there is neither, or several.
        let name: String?
        /// Whether it has a name, or a list of individuals, even an empty one.
        let identifies: Bool
        let category: ID?
        let viewpoint: String?
        /// Where the head points, as written.
        let orientation: String?
        let encounterID: ID?

        enum CodingKeys: String, CodingKey {
            case id, name, viewpoint, theta, orientation
            case imageID = "image_id", box = "bbox", encounterID = "encounter_id", category = "category_id"
            case individuals = "individual_ids"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(ID.self, forKey: .id)
            imageID = try container.decode(ID.self, forKey: .imageID)
            let numbers = try container.decodeIfPresent([Double?].self, forKey: .box)
            // pandas writes a missing box as four missing numbers.
            box = numbers.flatMap { $0.isEmpty || $0.contains { $0 != nil } ? $0.map { $0 ?? .nan } : nil }
            theta = try container.decodeIfPresent(ID.self, forKey: .theta)?.text
            category = try container.decodeIfPresent(ID.self, forKey: .category)
            viewpoint = try container.decodeIfPresent(String.self, forKey: .viewpoint)
            // Other programs give it other meanings and types.
            orientation = try? container.decode(ID.self, forKey: .orientation).text
            encounterID = try container.decodeIfPresent(ID.self, forKey: .encounterID)
            let individuals = try container.decodeIfPresent([ID].self, forKey: .individuals)
            name =
                try container.decodeIfPresent(ID.self, forKey: .name)?.text
                ?? individuals.flatMap { $0.count == 1 ? $0[0].text : nil }
            identifies = name != nil || individuals != nil
        }
    }

    struct Category: Decodable {
        let id: ID
        let name: ID
    }

    let images: [Image]
    let annotations: [Annotation]
    let categories: [Category]?
    /// The text of each annotation's `segmentation`, undecoded; nil if it has none.
    private var outlines: [Data?] = []

    private enum CodingKeys: CodingKey { case images, annotations, categories }

    /// Reads a file.
    ///
    /// - Throws: As ``ForeignJSON/read(_:from:)``.
    init(_ url: URL) throws {
        let (content, text) = try ForeignJSON.content(COCOFile.self, of: url)
        self = content
        outlines = JSONText.members("segmentation", ofEach: CodingKeys.annotations.stringValue, in: text)
    }

    /// The outline of the annotation at a position, in an image of the file at `path`; nil if it has none.
    func outline(ofAnnotationAt position: Int, in image: Image, path: String) -> Outline? {
        guard outlines.indices.contains(position), let text = outlines[position] else { return nil }
        return Outline(text: text, sides: image.sides, place: Self.place(of: annotations[position], path: path))
    }

    /// The place of an annotation for messages.
    static func place(of annotation: Annotation, path: String) -> String {
        "\(path), annotation \(annotation.id.text)"
    }
}

/// JSON written by other programs.
enum ForeignJSON {
    /// Reads a file.
    ///
    /// `NaN`, which Python writes although JSON has no such number, is read as null.
    ///
    /// - Throws: ``FileError``, with the line of text that is not JSON, or the place of a missing member or a wrong
    ///   type.
    static func read<Content: Decodable>(_ kind: Content.Type, from url: URL) throws -> Content {
        try content(kind, of: url).content
    }

    /// The content of a file, and the text that it was read from, without `NaN`.
    ///
    /// - Throws: As ``read(_:from:)``.
    static func content<Content: Decodable>(
        _ kind: Content.Type, of url: URL
    ) throws -> (content: Content, text: Data) {
        let data = try FileError.contents(of: url)
        do {
            return (try JSONDecoder().decode(Content.self, from: data), data)
        } catch let error as DecodingError {
            guard case .dataCorrupted(let context) = error, context.codingPath.isEmpty else {
                throw malformed(url, line: nil, error.place)
            }
            if let plain = JSONText.withoutNaN(data) {
                do {
                    return (try JSONDecoder().decode(Content.self, from: plain), plain)
                } catch let error as DecodingError {
                    throw malformed(url, line: JSONText.lineOfError(in: plain), error.place)
                }
            }
            throw malformed(url, line: JSONText.lineOfError(in: data), error.place)
        }
    }

    private static func malformed(_ url: URL, line: Int?, _ problem: String) -> FileError {
        .malformed(path: url.path, line: line, problem: problem, remedy: "Correct the file, or export it again.")
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
