import Basics
import Results

/// An animal that a model is trained to tell from the others.
struct AnimalClass: Equatable {
    let name: String
    /// Its training photographs: margins and the loss may depend on them.
    let photographs: Int

    /// The animals of a model's description.
    ///
    /// Descriptions before there were counts lack them; nothing that such a model was trained with depends on them.
    static func classes(of description: ModelDescription) -> [AnimalClass] {
        let counts = description.classPhotographs ?? []
        return description.classes.enumerated().map { index, name in
            AnimalClass(name: name, photographs: counts.indices.contains(index) ? counts[index] : 1)
        }
    }
}
