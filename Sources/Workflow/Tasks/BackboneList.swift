import Basics
import Hub
import Jobs

/// The networks of a worker as a table, and the published models of animals that use them.
public struct BackboneList: Sendable {
    private let backbones: [WorkerDescription.Backbone]
    /// Each with its network.
    private let models: [(model: KnownModel, network: WorkerDescription.Backbone)]

    /// Creates the table from the worker's description.
    public init(_ description: WorkerDescription) {
        backbones = description.backbones
        models = KnownModel.all.compactMap { model in
            description.backbones.first { $0.name == model.backbone }.map { (model, $0) }
        }
    }

    /// The form for other programs: the networks, then the models, whose own `config.json` has the mean and deviation.
    public var json: JSONValue {
        get throws {
            let models = models.map { model, network -> JSONValue in
                [
                    "name": .string(model.reference), "backbone": .string(model.backbone),
                    "parameters": .number(Double(network.parameters)), "features": .number(Double(network.features)),
                    "image_size": .number(Double(model.imageSize)),
                    "licence": model.licence.map(JSONValue.string) ?? .null,
                ]
            }
            return .array(try (JSONValue(encoding: backbones).array ?? []) + models)
        }
    }

    /// Aligned columns.
    public var text: String {
        let networks = TextTable.text(
            header: [
                "backbone", "parameters", "multiply-adds", "features", "image size", "mean", "deviation", "licence",
            ],
            rows: backbones.map { backbone in
                [
                    backbone.name, TextTable.millions(backbone.parameters),
                    NumberText.fixed(Double(backbone.multiplyAdds) / 1e9, 2) + " G", String(backbone.features),
                    String(backbone.imageSize), Self.text(backbone.mean), Self.text(backbone.deviation),
                    backbone.licence.map(Licence.name) ?? "–",
                ]
            }, left: ["licence"])
        guard !models.isEmpty else { return networks }
        return networks + "\n"
            + TextTable.text(
                header: ["published model", "backbone", "image size", "licence"],
                rows: models.map { model, _ in
                    [
                        model.reference, model.backbone, String(model.imageSize),
                        model.licence.map(Licence.name) ?? "none stated",
                    ]
                }, left: ["backbone", "licence"])
    }

    /// The numbers of red, green and blue, or one number if they are equal.
    private static func text(_ channels: [Double]) -> String {
        let texts = channels.map(NumberText.shortest)
        return Set(texts).count == 1 ? texts[0] : texts.joined(separator: " ")
    }
}
