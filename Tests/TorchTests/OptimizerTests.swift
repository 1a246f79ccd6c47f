import Testing
import Torch

/// Compares three steps of each rule with PyTorch 2.13's on the same gradients (lr 0.1, weight_decay 0.01, momentum
/// 0.8).
struct OptimizerTests {
    private static let gradients: [[Float]] = [[0.1, -0.2, 0.3], [-0.4, 0.05, 0.25], [0.2, 0.2, -0.1]]

    private static let references: [(rule: Optimizer.Rule, rows: [[Double]])] = [
        (
            .adam,
            [
                [0.4000000059604645, -1.149999976158142, 1.899999976158142],
                [0.45476529002189636, -1.0973410606384277, 1.8008224964141846],
                [0.46408864855766296, -1.108821988105774, 1.7378978729248047],
            ]
        ),
        (
            .adamW,
            [
                [0.3995000123977661, -1.1487499475479126, 1.8980000019073486],
                [0.45505085587501526, -1.1006544828414917, 1.7969847917556763],
                [0.46561315655708313, -1.1180227994918823, 1.7368272542953491],
            ]
        ),
        (
            .sgd(momentum: 0.8),
            [
                [0.4894999861717224, -1.2287499904632568, 1.968000054359436],
                [0.520610511302948, -1.215521216392517, 1.915432095527649],
                [0.5249782800674438, -1.2237226963043213, 1.8814622163772583],
            ]
        ),
    ]

    @Test(arguments: 0..<3)
    func `Each rule's steps equal PyTorch's`(number: Int) throws {
        let (rule, rows) = Self.references[number]
        let weights = try Tensor([0.5, -1.25, 2] as [Float], shape: [3])
        try weights.setRequiresGradient(true)
        let optimizer = try Optimizer(rule, groups: [.init(name: "all", parameters: [weights], decay: 0.01)])
        for (gradient, row) in zip(Self.gradients, rows) {
            try (weights * Tensor(gradient, shape: [3])).sum().backward()
            try optimizer.step { _ in 0.1 }
            try optimizer.clearGradients()
            for (found, expected) in zip(try weights.doubles(), row) {
                // Single precision near 1, about ten operations a step.
                #expect(abs(found - expected) < 1e-6, "\(rule): \(found), not \(expected)")
            }
        }
    }

    @Test func `Tensors move a share of the way towards others`() throws {
        let average = try Tensor([0, 10] as [Float], shape: [2])
        try Tensor.approach([average], to: [try Tensor([4, 10] as [Float], shape: [2])], by: 0.25)
        #expect(try average.floats() == [1, 10])
    }
}
