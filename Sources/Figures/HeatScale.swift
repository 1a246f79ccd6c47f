import Basics
import Drawing
import Imaging

/// The colours of heat: darker is less, in even steps for every kind of colour vision and in grey.
///
/// Source: "inferno" of Smith and van der Walt, matplotlib 2015, at nine places.
enum HeatScale {
    private static let stops: [Color] = [
        0x000004, 0x210C4A, 0x57106E, 0x8A226A, 0xBC3754, 0xE45A31, 0xF98E09, 0xF9CB35, 0xFCFFA4,
    ].map { Color(hex: $0) }

    /// The colour of a heat within 0…1.
    static func color(_ heat: Double) -> Color {
        let place = min(max(heat, 0), 1) * Double(stops.count - 1)
        let first = min(Int(place), stops.count - 2)
        return stops[first].mixed(with: stops[first + 1], share: place - Double(first))
    }

    /// How much of the photograph a heat covers: little heat leaves it to be seen.
    static func cover(_ heat: Double) -> Double { 0.25 + 0.5 * min(max(heat, 0), 1) }
}

extension Raster {
    /// The picture in grey under the colours of a map; what the network does not see of it stays grey.
    ///
    /// - Parameters:
    ///   - map: Over the square that the network saw.
    ///   - fit: How the picture filled the square.
    /// - Complexity: O(width · height).
    public func covered(by map: HeatMap, fit: Fit) -> Raster {
        var result = self
        for y in 0..<height {
            for x in 0..<width {
                let pixel = self[x, y]
                // Rec. 601.
                let level = 0.299 * Double(pixel.red) + 0.587 * Double(pixel.green) + 0.114 * Double(pixel.blue)
                let grey = Color(red: level / 255, green: level / 255, blue: level / 255)
                let place = fit.place(x: x, y: y, width: width, height: height)
                var color = grey
                if (0...1).contains(place.x), (0...1).contains(place.y) {
                    let heat = map.heat(x: place.x, y: place.y)
                    color = grey.mixed(with: HeatScale.color(heat), share: HeatScale.cover(heat))
                }
                func byte(_ share: Double) -> UInt8 { UInt8((share * 255).rounded()) }
                result[x, y] = (byte(color.red), byte(color.green), byte(color.blue))
            }
        }
        return result
    }
}

extension Fit {
    /// Where the middle of a picture's pixel lies in the square that the picture becomes, in shares of its sides.
    fileprivate func place(x: Int, y: Int, width: Int, height: Int) -> (x: Double, y: Double) {
        let (columns, rows) = (Double(width), Double(height))
        let side =
            switch self {
            case .stretch: (x: columns, y: rows)
            case .letterbox: (x: max(columns, rows), y: max(columns, rows))
            case .crop: (x: min(columns, rows), y: min(columns, rows))
            }
        return (
            (Double(x) + 0.5 - columns / 2) / side.x + 0.5, (Double(y) + 0.5 - rows / 2) / side.y + 0.5
        )
    }
}
