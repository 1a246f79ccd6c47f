import Configuration
import Hub
import Jobs
import Results

extension Project {
    /// The model that embeds photographs for a member, seed and fold: the trained one, or a backbone's pooled features.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` if the training is missing or not current, `HubError`.
    func model(of member: MemberSettings, seed: Int?, fold: Int?, _ inspector: Inspector) throws -> EmbedJob.Model {
        guard !configuration.train.trains(member) else {
            let node = Node(.train, member: member.name, seed: seed, fold: fold)
            return .trained(directory: try results(of: node, inspector).path)
        }
        var member = member
        member.weights = try member.weights.map { text in
            if case .file(let path) = try WeightsSource(text) { configuration.resolve(path).path } else { text }
        }
        return .backbone(member)
    }
}
