import Basics
import Evaluation

extension Project {
    /// The headline of the evaluation that is there and current; nil where there is none.
    public func headline() async throws -> Headline? { try headline(await inspector(of: [.evaluate])) }

    func headline(_ inspector: Inspector) throws -> Headline? {
        guard let status = inspector.statuses[Node(.evaluate)], status.state.isUsable, let key = status.key else {
            return nil
        }
        let file = store.folder(of: .evaluate, key: key).appending(path: EvaluateStage.evaluation)
        return Headline(try JSONValue.read(file))
    }
}
