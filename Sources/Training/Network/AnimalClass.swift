import Basics
import Results

/// An animal that a model is trained to distinguish from the others.
struct AnimalClass: Equatable {
    let name: String
    /// The number of its training photographs, on which margins and the loss can depend.
    let photographs: Int

    /// The animals of a model's description.
    ///
    /// Older descriptions lack the counts; no such model's training depended on them.
    static func classes(of description: ModelDescription) -> [AnimalClass] {
        let counts = description.classPhotographs ?? []
        return description.classes.enumerated().map { index, name in
            AnimalClass(name: name, photographs: counts.indices.contains(index) ? counts[index] : 1)
        }
    }
}
