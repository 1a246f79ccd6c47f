import Foundation

/// A small, fast pseudorandom generator whose stream is fixed by its seed alone.
///
/// The standard library does not specify its generator's algorithm; reproducible results need one that never changes.
///
/// Source: Steele, Lea, Flood, OOPSLA 2014 (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator for a seed and any number of labels that separate its streams.
    ///
    /// The same seed with other labels gives an unrelated stream, so that the draws for one image do not depend on the
    /// number of images before it.
    public init(seed: UInt64, _ labels: String...) {
        state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
        for label in labels {
            state = Self.mixed(state ^ label.fnv1a64)
        }
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A number drawn uniformly from `range`.
    public mutating func uniform(_ range: ClosedRange<Double> = 0...1) -> Double {
        let unit = Double(next() >> 11) * 0x1p-53
        return range.lowerBound + (range.upperBound - range.lowerBound) * unit
    }

    /// An integer drawn uniformly from `range`.
    public mutating func integer(in range: Range<Int>) -> Int {
        range.lowerBound + Int(next().multipliedFullWidth(by: UInt64(range.count)).high)
    }

    /// True with the given probability, in `0...1`.
    public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

    /// A number drawn from the normal distribution (Box and Muller, 1958).
    public mutating func normal(mean: Double = 0, deviation: Double = 1) -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return mean + deviation * radius * cos(2 * .pi * uniform())
    }

    /// The elements in an order fixed by the generator's state (Fisher and Yates).
    public mutating func shuffled<Element>(_ elements: some Sequence<Element>) -> [Element] {
        var result = Array(elements)
        for index in stride(from: result.count - 1, to: 0, by: -1) {
            result.swapAt(index, integer(in: 0..<(index + 1)))
        }
        return result
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension String {
    /// The FNV-1a hash of the UTF-8 bytes, 64 bits; the same on every run, unlike `hashValue`.
    public var fnv1a64: UInt64 {
        utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
