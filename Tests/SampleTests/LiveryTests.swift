import Basics
import Catalog
import Drawing
import Imaging
import Testing

@testable import Sample

/// The large colour fields that distinguish whales from afar.
struct LiveryTests {
    private static let tint = Color(hex: 0x101010)

    private static func field(_ front: Double, _ back: Double, reach: Double = 4) -> Livery.Field {
        Livery.Field(
            front: front, back: back, reach: reach, tint: tint, strength: 0.95,
            edges: Array(repeating: 0, count: 2 * Livery.Field.edgeSteps), freckles: [])
    }

    private static func hide(_ fields: [Livery.Field]) throws -> Hide {
        var whale = Whale(id: "w")
        whale.livery.fields = fields
        return try Hide(of: whale)
    }

    /// The hide's green, within 0...255.
    private static func green(_ hide: Hide, _ along: Double, _ around: Double) -> Int {
        let place = Hide.point(Place(along, around))
        return Int(hide.raster.pixels[3 * (Int(place.y) * Hide.width + Int(place.x)) + 1])
    }

    @Test(arguments: [-3.0, -1.5, 0, 1.5, 3.0])
    func `A girdle goes all around, and ends before head and tail`(around: Double) throws {
        let hide = try Self.hide([Self.field(0.45, 0.65)])
        #expect(Self.green(hide, 0.55, around) < 60)
        #expect(Self.green(hide, 0.3, around) > 150)
        #expect(Self.green(hide, 0.8, around) > 150)
    }

    @Test func `A saddle leaves the belly bare`() throws {
        let hide = try Self.hide([Self.field(0.3, 0.65, reach: 1.6)])
        #expect(Self.green(hide, 0.475, 0.9) < 60)
        #expect(Self.green(hide, 0.475, 2.6) > 150)
    }

    @Test func `The limbs' colour differs from the body's`() throws {
        var whale = Whale(id: "w")
        whale.livery.limbs = Self.tint
        let hide = try Hide(of: whale)
        let middle = Hide.fluke.y + Hide.fluke.height / 2
        let fluke = hide.raster.pixels[3 * (Int(middle) * Hide.width + Int(Hide.fluke.x + 100)) + 1]
        #expect(fluke < 90)
        #expect(Self.green(hide, 0.5, 1) > 150)
    }

    @Test func `Every whale has a field, and every field stands out from the skin`() {
        for whale in Whale.pod(of: 400, seed: 11) {
            #expect(!whale.livery.fields.isEmpty, "\(whale.id)")
            for field in whale.livery.fields {
                // The least contrast is 0.3 before either colour varies by a few hundredths.
                #expect(field.tint.distance(to: whale.livery.skin) > 0.2, "\(whale.id)")
            }
        }
    }

    @Test func `Few whales of one pod have the same colours`() {
        let liveries = Whale.pod(of: SamplePod.standardWhales, seed: SamplePod.standardSeed).map(\.livery)
        let pairs = liveries.indices.flatMap { first in liveries.indices.prefix(first).map { (first, $0) } }
        let alike = pairs.count { liveries[$0].isLike(liveries[$1]) }
        // Only marks distinguish these, which a network trained for three minutes hardly sees: it should make some
        // errors.
        #expect(alike <= pairs.count / 400, "\(alike)")
    }
}

extension Livery {
    fileprivate func isLike(_ other: Livery) -> Bool {
        skin.distance(to: other.skin) < 0.05 && fields.count == other.fields.count
            && zip(fields, other.fields).allSatisfy { one, two in
                abs(one.front - two.front) < 0.04 && abs(one.back - two.back) < 0.04
                    && one.tint.distance(to: two.tint) < 0.1
            }
    }
}
