import Basics

/// How a photograph fills the square input of a network.
public struct Framing: Sendable, Equatable {
    public let fit: Fit
    /// The share of the fitted picture's sides that is visible, in the middle; in 0...1, 1 for all of it. A letterbox
    /// always shows all.
    public let share: Double
    public let interpolation: Interpolation

    /// Creates a framing.
    public init(_ fit: Fit = .stretch, share: Double = 1, interpolation: Interpolation = .bilinear) {
        self.fit = fit
        self.share = share
        self.interpolation = interpolation
    }

    /// The side of the fitted picture whose middle fills a square of `size`, pixels.
    func fittedSide(_ size: Int) -> Int { fit == .letterbox ? size : Int((Double(size) / share).rounded(.down)) }

    /// The visible part of a picture that fills a square of `size`, in the picture's pixels.
    ///
    /// These are the places that timm's transforms for evaluation show: they resize the picture so that its shorter side,
    /// or both, have ``fittedSide(_:)`` pixels, and cut out the middle, from a whole pixel on.
    func source(width: Int, height: Int, size: Int) -> Region {
        guard fit == .crop || fit == .stretch && share < 1 else { return fit.source(width: width, height: height) }
        let (fitted, shorter) = (fittedSide(size), min(width, height))
        func visible(_ side: Int) -> (start: Double, length: Double) {
            let resized = fit == .crop ? fitted * side / shorter : fitted
            let scale = Double(side) / Double(resized)
            let start = (Double(resized - size) / 2).rounded(.toNearestOrEven) * scale
            return (start, min(Double(size) * scale, Double(side) - start))
        }
        let (columns, rows) = (visible(width), visible(height))
        return Region(x: columns.start, y: rows.start, width: columns.length, height: rows.length)
    }
}

extension Raster {
    /// The picture as a square of `size`.
    ///
    /// - Complexity: O(width · height).
    public func fitted(_ framing: Framing, size: Int) -> Raster {
        let frame = framing.fit.frame(width: width, height: height, size: size)
        return resized(
            width: frame.width, height: frame.height, filter: .init(framing.interpolation),
            from: framing.source(width: width, height: height, size: size)
        ).centred(in: size)
    }
}

extension ResizeFilter {
    /// The filter of an interpolation.
    init(_ interpolation: Interpolation) {
        self =
            switch interpolation {
            case .bilinear: .bilinear
            case .bicubic: .bicubic
            case .lanczos: .lanczos
            }
    }
}
