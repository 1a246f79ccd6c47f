import Foundation
import Testing
import Torch

struct TensorTests {
    @Test func `A refused operation's error names it and the shapes`() throws {
        let left = try Tensor(repeating: 1, shape: [2, 3])
        let right = try Tensor(repeating: 1, shape: [4, 5])
        let error = #expect(throws: TorchError.self) { try left.matmul(right) }
        #expect(error?.operation == "matmul")
        #expect(error?.shapes == [[2, 3], [4, 5]])
        #expect(throws: TorchError.self) { try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }
    }

    @Test func `A detached tensor shares its numbers and records no gradients`() throws {
        let weight = try Tensor([1, 2] as [Float], shape: [2])
        try weight.setRequiresGradient(true)
        let plain = try weight.detached()
        try weight.assign(Tensor([3, 4] as [Float], shape: [2]))
        #expect(try plain.floats() == [3, 4])
        try (weight * plain).sum().backward()
        #expect(try weight.gradient()?.floats() == [3, 4])
    }

    @Test func `A derivative by an intermediate tensor changes no gradients`() throws {
        let leaf = try Tensor([1, 2] as [Float], shape: [2])
        try leaf.setRequiresGradient(true)
        let between = try leaf * leaf
        let result = try (between * between).sum()
        #expect(try result.derivative(by: between).floats() == [2, 8])
        #expect(try leaf.gradient() == nil)
        let foreign = try Tensor([1] as [Float], shape: [1])
        #expect(throws: TorchError.self) { try (leaf * leaf).sum().derivative(by: foreign) }
    }

    @Test func `Unit length keeps a zero vector, has a finite gradient there, and works along any dimension`() throws {
        let vectors = try Tensor([0, 0, 3, 4] as [Float], shape: [2, 2])
        try vectors.setRequiresGradient(true)
        let units = try vectors.unitLength()
        #expect(try units.floats() == [0, 0, 0.6, 0.8])
        try units.sum().backward()
        #expect(try #require(try vectors.gradient()).floats().allSatisfy { $0.isFinite })
        #expect(try vectors.transposed().unitLength(over: 0).floats() == [0, 0.6, 0, 0.8])
    }

    @Test func `Every tensor is freed when its last reference goes`() throws {
        let before = Runtime.liveTensorCount
        for _ in 0..<100 {
            let tensor = try Tensor(repeating: 1, shape: [64, 64])
            try tensor.setRequiresGradient(true)
            try (tensor.matmul(tensor) + 1).sum().backward()
        }
        #expect(Runtime.liveTensorCount <= before + 64, "other tests run at the same time, but do not hold thousands")
    }

    @Test func `Clipping scales all gradients to the limit`() throws {
        let weights = try [3.0, 4.0].map { try Tensor(repeating: $0, shape: [1]) }
        for weight in weights {
            try weight.setRequiresGradient(true)
            try (weight * weight).sum().backward()
        }
        let optimizer = try Optimizer(.sgd(momentum: 0), groups: [.init(name: "all", parameters: weights, decay: 0)])
        let norm = try optimizer.clipGradients(to: 1)
        #expect(abs(norm - 10) < 1e-5)
        try optimizer.step { _ in 1 }
        let moved = try weights.map { try $0.item() }
        #expect(abs(moved[0] - (3 - 0.6)) < 1e-5)
        #expect(abs(moved[1] - (4 - 0.8)) < 1e-5)
    }
}
