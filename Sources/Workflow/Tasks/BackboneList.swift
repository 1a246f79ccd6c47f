import Basics
import Jobs

/// The networks of a worker as a table.
public struct BackboneList: Sendable {
    private let backbones: [WorkerDescription.Backbone]

    /// Creates the table from the worker's description.
    public init(_ description: WorkerDescription) { backbones = description.backbones }

    /// The form for other programs.
    public var json: JSONValue {
        get throws { try JSONValue(encoding: backbones) }
    }

    /// Aligned columns.
    public var text: String {
        TextTable.text(
            header: ["backbone", "parameters", "multiply-adds", "features", "image size", "mean", "deviation"],
            rows: backbones.map { backbone in
                [
                    backbone.name, TextTable.millions(backbone.parameters),
                    NumberText.fixed(Double(backbone.multiplyAdds) / 1e9, 2) + " G", String(backbone.features),
                    String(backbone.imageSize), Self.text(backbone.mean), Self.text(backbone.deviation),
                ]
            })
    }

    /// The numbers of red, green and blue, or one number if they are equal.
    private static func text(_ channels: [Double]) -> String {
        let texts = channels.map(NumberText.shortest)
        return Set(texts).count == 1 ? texts[0] : texts.joined(separator: " ")
    }
}
