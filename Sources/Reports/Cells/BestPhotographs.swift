import Catalog
import Evaluation

/// Chooses the photograph of each view of an animal that serves best for checking by eye.
///
/// It is the one most similar to the animal's others of that view, the medoid, among those of at least the median size
/// with the fewest flaws. Sharpness does not choose: splashes and small pictures are sharp.
struct BestPhotographs: Sendable {
    private let quality: [String: PhotographQuality]
    /// The number of flaws of each photograph that has some.
    private let flaws: [String: Int]
    private let isMeasured: Bool
    /// The mean similarity of each photograph to the others of its animal and view.
    private let typical: [String: Double]

    /// Compares photographs by their quality and similarity; nil if nothing was measured.
    init(_ quality: [String: PhotographQuality]?, typical: [TypicalPhotograph]? = nil) {
        let fences = QualityFences(quality ?? [:])
        self.quality = quality ?? [:]
        flaws = self.quality.keys.reduce(into: [:]) { flaws, id in
            let count = fences.flaws(of: id).count
            if count > 0 { flaws[id] = count }
        }
        isMeasured = quality != nil
        self.typical = Dictionary((typical ?? []).map { ($0.imageID, $0.similarity) }) { first, _ in first }
    }

    /// How the best one is chosen, in a sentence.
    var rule: String {
        guard isMeasured else {
            return "Photographs were not measured, so the first of each view by name is shown as the best."
        }
        let choice = typical.isEmpty ? "the largest" : "the one most similar to the animal's others of that view"
        return
            "The best photograph of a view is \(choice), among those of at least the median size with the fewest flaws "
            + "(unusually blurred, dark, small or clipped)."
    }

    /// The shorter side in pixels; nil if it was not measured.
    func side(of id: String) -> Double? { quality[id]?.side }

    /// The best photograph of each view, with the number of the view's photographs.
    func chosen(_ photographs: [Photograph]) -> [(photograph: Photograph, count: Int)] {
        let byView = Dictionary(grouping: photographs, by: \.viewpoint)
        return Viewpoint.inOrder(byView.keys).compactMap { view in
            let own = byView[view] ?? []
            return best(of: own).map { ($0, own.count) }
        }
    }

    private func best(of photographs: [Photograph]) -> Photograph? {
        guard isMeasured else { return photographs.min { $0.id < $1.id } }
        // One that could not be measured cannot be shown.
        let measured = photographs.filter { quality[$0.id]?.sharpness != nil }
        let sides = measured.compactMap { side(of: $0.id) }.sorted()
        let median = sides.isEmpty ? 0 : sides[(sides.count - 1) / 2]
        let large = measured.filter { side(of: $0.id) ?? 0 >= median }
        let fewest = large.map { flaws[$0.id] ?? 0 }.min() ?? 0
        func rank(_ photograph: Photograph) -> (Double, Double, String) {
            (-(typical[photograph.id] ?? -1), -(side(of: photograph.id) ?? 0), photograph.id)
        }
        return large.filter { flaws[$0.id] ?? 0 == fewest }.min { rank($0) < rank($1) }
            ?? photographs.min { $0.id < $1.id }
    }
}
