import Basics
import Options

/// Which patterns read the names of photographs: ours, or those that the configuration lists.
public enum PatternChoice: Sendable, Equatable {
    /// ``PathPattern/standard``, and the encounter before the side where that repeats.
    case automatic
    case listed([PathPattern])

    /// Those that are tried on some pictures.
    func patterns(for pictures: [String]) -> [PathPattern] {
        switch self {
        case .listed(let patterns): patterns
        case .automatic:
            PathPattern.standard + (Self.repeatsBeforeSide(pictures) ? [.encounterBeforeSide] : [])
        }
    }

    /// The side that a file's name tells, whatever folder it lies in; nil where it tells none.
    ///
    /// - Throws: ``PathPatternError``.
    public func viewpoint(ofFileAt path: String) throws -> Viewpoint? {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
        let view = try PathMatcher(patterns(for: [])).reading(of: "/" + name).viewpoint
        return view == .unknown ? nil : view
    }

    /// Whether what stands before the side tells sightings: numbers that most of the animals have with several sides.
    ///
    /// A camera's counter does not repeat; a word or the animal's own name is no sighting; and where folders part the
    /// sightings, they count.
    private static func repeatsBeforeSide(_ pictures: [String]) -> Bool {
        guard let matcher = try? PathMatcher([.encounterBeforeSide]) else { return false }
        var sides: [String: [String: Set<Viewpoint>]] = [:]
        var counts: [String: Int] = [:]
        for picture in pictures {
            let place = PicturePath(picture)
            let reading = matcher.reading(of: place.below)
            guard let name = reading.encounter, let side = reading.viewpoint else { continue }
            guard name.first?.isNumber == true, name != place.animal, place.encounter == nil else { return false }
            sides[place.animal, default: [:]][name, default: []].insert(side)
            counts[place.animal, default: 0] += 1
        }
        let several = sides.filter { counts[$0.key, default: 0] > 1 }
        return 2 * several.values.count { $0.values.contains { $0.count > 1 } } > several.count
    }
}

/// A pattern and the photographs whose names it reads.
public struct PatternMatch: Sendable, Equatable {
    public let pattern: PathPattern
    public let count: Int
    /// The first photographs' paths.
    public let examples: [String]

    private static let shown = 2

    /// The patterns that say something of some pictures, each as plainly as it can be written, in their order.
    ///
    /// - Throws: ``PathPatternError``.
    static func found(in pictures: [String], by choice: PatternChoice) throws -> [PatternMatch] {
        let matcher = try PathMatcher(choice.patterns(for: pictures))
        var read: [Int: [String]] = [:]
        for picture in pictures {
            for source in matcher.reading(of: PicturePath(picture).below).sources {
                read[source, default: []].append(picture)
            }
        }
        return try read.sorted { $0.key < $1.key }.map { position, pictures in
            let pattern = matcher.patterns[position]
            let plain = try pattern.variants.first { variant in
                let own = try PathMatcher([variant])
                return pictures.allSatisfy { !own.reading(of: PicturePath($0).below).sources.isEmpty }
            }
            return PatternMatch(
                pattern: plain ?? pattern, count: pictures.count, examples: Array(pictures.prefix(shown)))
        }
    }
}

extension PatternChoice: OptionDocument {
    public static let optionKind = OptionKind.either(
        .choice([automaticName]), .list(PathPattern.optionKind, allowsEmpty: true))

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = json.string == Self.automaticName ? .automatic : .listed(try .init(optionJSON: json, at: path))
    }

    public var optionJSON: JSONValue {
        switch self {
        case .automatic: .string(Self.automaticName)
        case .listed(let patterns): patterns.optionJSON
        }
    }

    /// The word for ``automatic``.
    private static let automaticName = "auto"
}
