import Foundation

/// The form of the JSON of every value of a type.
public indirect enum JSONShape: Sendable, Equatable {
    case text, number, wholeNumber, truth, list
    /// Not known from the type.
    case anything
    case members([String: JSONShape])
    /// Members of one form, whose names come from the data.
    case byName(JSONShape)

    /// Stands in paths for a name that comes from the data.
    public static let name = SpecimenDecoder.name

    /// Derives the form from a type; its values need not exist.
    ///
    /// - Throws: What decoding or encoding the type throws. An enumeration with a raw value has to be `CaseIterable`.
    public init<Value: Codable>(of type: Value.Type) throws {
        self.init(specimen: try JSONValue(encoding: SpecimenDecoder.value(of: type)))
    }

    private init(specimen: JSONValue) {
        self =
            switch specimen {
            case SpecimenDecoder.anything, .null: .anything
            case .string: .text
            case .bool: .truth
            case .number: specimen.integer == nil ? .number : .wholeNumber
            case .array: .list
            case .object(let members):
                if members.count == 1, let value = members[Self.name] {
                    .byName(JSONShape(specimen: value))
                } else {
                    .members(members.mapValues(JSONShape.init(specimen:)))
                }
            }
    }

    /// The form of a member; nil if no value of the type has it.
    public subscript(name: String) -> JSONShape? {
        switch self {
        case .members(let members): members[name]
        case .byName(let value): value
        case .anything, .list: .anything
        case .text, .number, .wholeNumber, .truth: nil
        }
    }

    /// The kind of a value in words; nil for a value with members.
    public var kind: String? {
        switch self {
        case .text: "text"
        case .number: "number"
        case .wholeNumber: "whole number"
        case .truth: "true or false"
        case .list: "list"
        case .anything: "any JSON"
        case .members, .byName: nil
        }
    }

    /// The dotted path of each value without members and its kind, sorted by path.
    public var paths: [(path: String, kind: String)] { paths(below: nil).sorted { $0.path < $1.path } }

    private func paths(below path: String?) -> [(path: String, kind: String)] {
        func inner(_ name: String, _ shape: JSONShape) -> [(path: String, kind: String)] {
            shape.paths(below: path.map { "\($0).\(name)" } ?? name)
        }
        return switch self {
        case .members(let members): members.flatMap { inner($0.key, $0.value) }
        case .byName(let value): inner(Self.name, value)
        default: [(path ?? "", kind ?? "")]
        }
    }
}
