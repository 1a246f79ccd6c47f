import Basics
import Foundation

/// What the `config.json` of a published model states: its architecture and the form of its input.
///
/// Two forms are read. timm's has the architecture and `pretrained_cfg`; what is missing has timm's defaults. MiewID's
/// (`model_type: miewid`) names its backbone; its input is that of its model card.
///
/// Sources: timm 1.0.31, `timm/models/_hub.py` and `timm/data/config.py`; huggingface.co/conservationxlabs/miewid-msv3.
public struct PublishedModel: Sendable, Equatable {
    /// The architecture, by the name in the catalogue of backbones.
    public let backbone: String
    /// Side of the square input, pixels.
    public let imageSize: Int
    /// Subtracted from red, green and blue in 0…1.
    public let mean: [Double]
    /// The divisors of red, green and blue.
    public let deviation: [Double]
    public let interpolation: Interpolation
    public let fit: Fit
    /// The share of the fitted picture's sides that is visible.
    public let cropShare: Double
    /// The features that the file chooses; nil for those of the architecture.
    public let features: PooledFeatures?
    /// The licence that the file states, as a hub's identifier.
    public let licence: String?

    /// The name of the file.
    public static let file = HubFile.configuration.rawValue
    private static let largestFile = 1 << 20

    /// Reads a `config.json`.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read, or that has another form.
    public static func read(_ url: URL) throws(FileError) -> PublishedModel {
        func malformed(_ problem: String, _ remedy: String) -> FileError {
            .malformed(path: url.path, line: nil, problem: problem, remedy: remedy)
        }
        let data = try FileError.contents(of: url, limit: largestFile)
        guard let json = (try? JSONValue(parsing: data))?.object else {
            throw malformed("this is not JSON of an object", "Download the file again.")
        }
        do throws(Flaw) {
            return json["model_type"]?.string == "miewid" ? try miewID(json) : try timm(json)
        } catch {
            throw malformed(
                error.problem, "Name an architecture as backbone, and give the model's file as weights.")
        }
    }

    /// Something that the reader does not know.
    private struct Flaw: Error {
        let problem: String

        init(_ problem: String) { self.problem = problem }
    }

    private static func miewID(_ json: [String: JSONValue]) throws(Flaw) -> PublishedModel {
        guard let backbone = json["model_name"]?.string else { throw Flaw("'model_name' is missing") }
        guard json["use_fc"]?.bool != true else { throw Flaw("'use_fc' is true, a form of MiewID that is not known") }
        return PublishedModel(
            backbone: "miewid_\(backbone)", imageSize: 440, mean: imageNetMean, deviation: imageNetDeviation,
            interpolation: .bilinear, fit: .stretch, cropShare: 1, features: nil, licence: nil)
    }

    private static let imageNetMean = [0.485, 0.456, 0.406]
    private static let imageNetDeviation = [0.229, 0.224, 0.225]

    /// Arguments of timm's networks that are read, or do not change what is built here.
    private static let knownArguments: Set = [
        "drop_path_rate", "drop_rate", "dynamic_img_size", "global_pool", "img_size", "in_chans", "num_classes",
    ]

    private static func timm(_ json: [String: JSONValue]) throws(Flaw) -> PublishedModel {
        guard let backbone = json["architecture"]?.string else {
            let type = json["model_type"]?.string
            throw Flaw(
                type.map { "this is a model of the type \(quoted: $0), which is not known" }
                    ?? "'architecture' is missing")
        }
        // Older files have one level.
        let input = json["pretrained_cfg"]?.object ?? json
        let arguments = json["model_args"]?.object ?? [:]
        if let unknown = arguments.keys.filter({ !knownArguments.contains($0) }).min() {
            throw Flaw("'model_args' has \(quoted: unknown), which is not known")
        }
        guard arguments["in_chans"]?.integer ?? 3 == 3 else { throw Flaw("'in_chans' is not 3") }
        func numbers(_ name: String, _ usual: [Double]) throws(Flaw) -> [Double] {
            guard let value = input[name], value != .null else { return usual }
            guard let numbers = value.numbers, numbers.count == 3, numbers.allSatisfy(\.isFinite) else {
                throw Flaw("\(quoted: name) is not three numbers")
            }
            return numbers
        }
        let deviation = try numbers("std", imageNetDeviation)
        guard deviation.allSatisfy({ $0 > 0 }) else { throw Flaw("'std' has a number that is not above 0") }
        let share = input["crop_pct"]?.double ?? 0.875
        guard share > 0, share <= 1 else { throw Flaw("'crop_pct' is not in 0…1") }
        return PublishedModel(
            backbone: backbone, imageSize: try imageSize(input, arguments), mean: try numbers("mean", imageNetMean),
            deviation: deviation, interpolation: try interpolation(input), fit: try fit(input), cropShare: share,
            features: try features(arguments), licence: input["license"]?.string)
    }

    private static func imageSize(
        _ input: [String: JSONValue], _ arguments: [String: JSONValue]
    ) throws(Flaw) -> Int {
        var sides = [224, 224]
        if let shape = input["input_size"]?.integers {
            guard shape.count == 3, shape[0] == 3 else { throw Flaw("'input_size' is not that of a colour picture") }
            sides = Array(shape.dropFirst())
        }
        // A network that accepts only one size.
        if input["fixed_input_size"]?.bool == true, let built = arguments["img_size"] {
            sides = built.integers ?? built.integer.map { [$0, $0] } ?? sides
        }
        guard sides.count == 2, sides[0] == sides[1], (1...1 << 14).contains(sides[0]) else {
            throw Flaw("'input_size' is not a square")
        }
        return sides[0]
    }

    private static func interpolation(_ input: [String: JSONValue]) throws(Flaw) -> Interpolation {
        let name = input["interpolation"]?.string ?? Interpolation.bicubic.rawValue
        guard let interpolation = Interpolation(rawValue: name) else {
            throw Flaw("'interpolation' is \(quoted: name), which is not known")
        }
        return interpolation
    }

    private static func features(_ arguments: [String: JSONValue]) throws(Flaw) -> PooledFeatures? {
        switch arguments["global_pool"]?.string {
        case nil: return nil
        case "avg": return .average
        case "token": return .token
        case let name?: throw Flaw("'global_pool' is \(quoted: name), which is not known")
        }
    }

    private static func fit(_ input: [String: JSONValue]) throws(Flaw) -> Fit {
        switch input["crop_mode"]?.string ?? "center" {
        case "center": return .crop
        case "squash": return .stretch
        case let mode: throw Flaw("'crop_mode' is \(quoted: mode), which is not known")
        }
    }
}

/// A published model of animals that Whalebook knows by its name.
public struct KnownModel: Sendable, Equatable {
    /// The reference, as `backbone:` takes it.
    public let reference: String
    /// The architecture, by the name in the catalogue of backbones.
    public let backbone: String
    /// Side of the square input, pixels.
    public let imageSize: Int
    /// The licence on its model card, as a hub's identifier; nil if the card states none.
    public let licence: String?

    /// The models, smallest first within their family.
    ///
    /// Sources: Cermak et al., WACV 2024 (MegaDescriptor); Otarashvili et al., arXiv 2412.05602 (MiewID).
    public static let all =
        [
            ("T-224", "swin_tiny_patch4_window7_224", 224), ("S-224", "swin_small_patch4_window7_224", 224),
            ("B-224", "swin_base_patch4_window7_224", 224), ("L-224", "swin_large_patch4_window7_224", 224),
            ("L-384", "swin_large_patch4_window12_384", 384),
        ].map {
            KnownModel(
                reference: "\(HubReference.scheme)BVRA/MegaDescriptor-\($0)", backbone: $1, imageSize: $2,
                licence: "cc-by-nc-4.0")
        }
        + ["msv2", "msv3"].map {
            KnownModel(
                reference: "\(HubReference.scheme)conservationxlabs/miewid-\($0)",
                backbone: "miewid_efficientnetv2_rw_m", imageSize: 440, licence: nil)
        }

    /// The model that a reference names, at any revision; nil if it is not among them.
    public static func named(_ reference: HubReference) -> KnownModel? {
        all.first { $0.reference == "\(HubReference.scheme)\(reference.owner)/\(reference.name)" }
    }
}
