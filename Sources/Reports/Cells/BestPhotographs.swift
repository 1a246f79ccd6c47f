import Catalog
import Evaluation

/// Chooses the best photograph of each view of an animal by what was measured of them.
struct BestPhotographs: Sendable {
    private let quality: [String: PhotographQuality]
    /// The number of flaws of each photograph that has some.
    private let flaws: [String: Int]
    private let isMeasured: Bool

    /// Compares photographs by their quality; nil if nothing was measured.
    init(_ quality: [String: PhotographQuality]?) {
        let fences = QualityFences(quality ?? [:])
        self.quality = quality ?? [:]
        flaws = self.quality.keys.reduce(into: [:]) { flaws, id in
            let count = fences.flaws(of: id).count
            if count > 0 { flaws[id] = count }
        }
        isMeasured = quality != nil
    }

    /// How the best one is chosen, in a sentence.
    var rule: String {
        isMeasured
            ? "The best photograph of a view is the sharpest of those with the fewest flaws (unusually blurred, dark, "
                + "small or clipped)."
            : "Photographs were not measured, so the first of each view by name is shown as the best."
    }

    func sharpness(of id: String) -> Double? { quality[id]?.sharpness }

    /// The best photograph of each view, with the number of the view's photographs.
    func chosen(_ photographs: [Photograph]) -> [(photograph: Photograph, count: Int)] {
        let byView = Dictionary(grouping: photographs, by: \.viewpoint)
        // One that could not be measured cannot be shown.
        func rank(_ photograph: Photograph) -> (Int, Double, String) {
            let sharpness = sharpness(of: photograph.id)
            return (
                isMeasured && sharpness == nil ? .max : flaws[photograph.id] ?? 0, -(sharpness ?? 0), photograph.id
            )
        }
        return Viewpoint.inOrder(byView.keys).compactMap { view in
            let own = byView[view] ?? []
            return own.min { rank($0) < rank($1) }.map { ($0, own.count) }
        }
    }
}
