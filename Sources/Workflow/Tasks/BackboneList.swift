import Basics
import Jobs

/// The networks of a worker as a table.
public struct BackboneList: Sendable {
    private let backbones: [WorkerDescription.Backbone]

    /// Takes the networks from the worker's description.
    public init(_ description: WorkerDescription) { backbones = description.backbones }

    /// What other programs read.
    public var json: JSONValue {
        get throws { try JSONValue(encoding: backbones) }
    }

    /// Aligned columns for people.
    public var text: String {
        TextTable.text(
            header: ["backbone", "parameters", "features", "image size"],
            rows: backbones.map { backbone in
                [
                    backbone.name, TextTable.millions(backbone.parameters), String(backbone.features),
                    String(backbone.imageSize),
                ]
            })
    }
}
