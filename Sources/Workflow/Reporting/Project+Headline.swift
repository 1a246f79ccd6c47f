import Basics
import Evaluation
import Results

extension Project {
    /// The headline of the evaluation that is there and current; nil where there is none.
    public func headline() async throws -> Headline? { try headline(await inspector(of: [.evaluate])) }

    func headline(_ inspector: Inspector) throws -> Headline? {
        guard let status = inspector.statuses[Node(.evaluate)], status.state.isUsable, let key = status.key else {
            return nil
        }
        return Headline(try EvaluateFiles.evaluation.read(in: store.folder(of: .evaluate, key: key)))
    }
}
