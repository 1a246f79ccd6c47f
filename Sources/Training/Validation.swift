import Catalog
import Imaging

struct Validation {
    let catalog: Catalog
    let queries: [PhotographFile]
    let others: [PhotographFile]
    func map(by embedder: Embedder) throws -> Double? { nil }
}
