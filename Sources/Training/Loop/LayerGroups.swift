import Configuration
import Networks
import Torch

/// The parameters that share a learning rate, and the rate.
struct LayerGroup {
    let group: Optimizer.Group
    /// The learning rate when the schedule's share is 1.
    let rate: Double
}

extension LayerGroup {
    /// The name of the head's group.
    static let headName = "head"

    /// Splits a network into backbone, neck and head, or the backbone into its layers, and each into parameters with
    /// and without decay.
    ///
    /// With a layer decay d, layer l of L, counted from 0 at the input, has d^(L - l) times the backbone's rate, as
    /// in timm's `param_groups_layer_decay`.
    ///
    /// Source of the layer decay: Clark et al., ICLR 2020 (ELECTRA); Bao et al., ICLR 2022 (BEiT).
    static func groups(_ parameters: [Parameter], _ settings: OptimizerSettings) -> [LayerGroup] {
        parts(parameters, settings).flatMap { part in
            [true, false].compactMap { decays in
                let members = part.parameters.filter {
                    (settings.decays == .all || $0.tensor.shape.count > 1) == decays
                }
                return members.isEmpty
                    ? nil
                    : LayerGroup(
                        group: .init(
                            name: decays ? part.name : "\(part.name) without decay",
                            parameters: members.map(\.tensor), decay: decays ? settings.weightDecay : 0),
                        rate: part.rate)
            }
        }
    }

    private struct Part {
        let name: String
        let rate: Double
        let parameters: [Parameter]
    }

    private static func parts(_ parameters: [Parameter], _ settings: OptimizerSettings) -> [Part] {
        let backbone = parameters.filter { $0.name.hasPrefix(backbonePrefix) }
        let rest = parameters.filter { !$0.name.hasPrefix(backbonePrefix) }
        return backboneParts(backbone, settings) + restParts(rest, settings)
    }

    private static let backbonePrefix = "backbone."

    private static func backboneParts(_ parameters: [Parameter], _ settings: OptimizerSettings) -> [Part] {
        let rate = settings.backboneLearningRate
        guard settings.layerDecay < 1 else { return [Part(name: "backbone", rate: rate, parameters: parameters)] }
        let (depths, count) = depths(of: parameters.map { String($0.name.dropFirst(backbonePrefix.count)) })
        return Set(depths).sorted().map { depth in
            var share = 1.0
            for _ in depth..<count { share *= settings.layerDecay }
            return Part(
                name: "backbone \(depth)", rate: rate * share,
                parameters: zip(parameters, depths).filter { $1 == depth }.map(\.0))
        }
    }

    /// The groups of neck and head, or one group with the head's name if both have the same rate.
    private static func restParts(_ parameters: [Parameter], _ settings: OptimizerSettings) -> [Part] {
        guard let headRate = settings.headLearningRate else {
            return [Part(name: headName, rate: settings.learningRate, parameters: parameters)]
        }
        return [
            Part(
                name: "neck", rate: settings.learningRate,
                parameters: parameters.filter { !$0.name.hasPrefix("head.") }),
            Part(name: headName, rate: headRate, parameters: parameters.filter { $0.name.hasPrefix("head.") }),
        ]
    }

    /// The layer of each parameter of a backbone, from 0 at the input, and the number of layers. The names are timm's,
    /// in the order of the network.
    ///
    /// The stem is a layer and so is each block. Parameters between two blocks belong to the second; those after the
    /// last block belong to the last, except those named `head`, which belong to the head, one layer above.
    static func depths(of names: [String]) -> (depths: [Int], count: Int) {
        let blocks = names.map(block)
        guard let first = blocks.firstIndex(where: { $0 != nil }), let last = blocks.last(where: { $0 != nil }) else {
            return (names.map { _ in 0 }, 1)
        }
        var depth = 0
        var current: String?
        var depths = Array(repeating: 0, count: names.count)
        for (position, block) in blocks.enumerated() where position >= first {
            let owner = block ?? blocks[position...].first { $0 != nil } ?? last
            if owner != current { depth += 1 }
            current = owner
            depths[position] = depth
        }
        for (position, name) in names.enumerated() where name.hasPrefix("head.") { depths[position] = depth + 1 }
        return (depths, depth + 1)
    }

    /// The block that a name belongs to, such as `blocks.3.1` or `layers.2.blocks.0`; nil for one outside blocks.
    private static func block(of name: String) -> String? {
        let parts = name.split(separator: ".")
        guard let start = parts.firstIndex(of: "blocks") else { return nil }
        let numbers = parts[(start + 1)...].prefix { Int($0) != nil }
        return numbers.isEmpty ? nil : parts[..<numbers.endIndex].joined(separator: ".")
    }
}
