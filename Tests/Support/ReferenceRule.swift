import Basics

/// The numbers that references of PyTorch and timm use for parameters and inputs, so that none are stored.
public enum ReferenceRule {
    /// The formula's numbers for a name: splitmix64 over its FNV-1a hash, scaled by the name's last part.
    public static func values(_ name: String, shape: [Int]) -> [Float] {
        let seed = name.fnv1a64
        let last = name.split(separator: ".").last ?? ""
        let fanIn = shape.dropFirst().reduce(1, *)
        let (scale, offset): (Double, Double) =
            switch last {
            case "running_mean", "bias": (0.1, 0)
            case "running_var": (0.5, 1)
            case "gamma": (0.2, 0.5)
            case "relative_position_bias_table": (0.5, 0)
            case "input": (3.0.squareRoot(), 0)
            case "probe": (1, 0)
            case _ where shape.count == 1: (0.2, 1)
            default: ((3 / Double(fanIn)).squareRoot(), 0)
            }
        return (0..<shape.reduce(1, *)).map { index in
            var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            return Float(offset + scale * (2 * (Double(z >> 11) * 0x1p-53) - 1))
        }
    }
}
