import Torch

/// x Wᵀ + b.
public struct Linear: Layer {
    /// How the weights are kept in a file.
    public enum WeightForm: Sendable {
        /// `[outputs, inputs]`.
        case matrix
        /// As of a 1×1 convolution, `[outputs, inputs, 1, 1]`.
        case convolution
    }

    private let weight: Parameter
    private let bias: Parameter?
    private let inputs: Int
    private let outputs: Int
    private let form: WeightForm

    /// Creates the layer from `[..., inputs]` to `[..., outputs]`.
    ///
    /// - Parameter weights: What the weights start from, around offsets of 0; by default both are drawn as PyTorch
    ///   does, uniform within ±1/√inputs.
    public init(
        _ inputs: Int, _ outputs: Int, form: WeightForm = .matrix, hasBias: Bool = true,
        weights: InitialValue? = nil, in scope: ParameterScope
    ) throws {
        let uniform = InitialValue.uniform(bound: 1 / Double(inputs).squareRoot())
        let shape = [outputs, inputs] + (form == .convolution ? [1, 1] : [])
        weight = try scope.parameter("weight", shape, weights ?? uniform)
        bias = hasBias ? try scope.parameter("bias", [outputs], weights == nil ? uniform : .constant(0)) : nil
        self.inputs = inputs
        self.outputs = outputs
        self.form = form
    }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let factor = try weight.factor(mode)
        let matrix = form == .matrix ? factor : try factor.reshaped([outputs, inputs])
        let output = try weight.partner(input).linear(weight: matrix, bias: bias?.factor(mode))
        mode.tally(output.count * inputs)
        return output
    }

    /// What the layer gives for an input of zeros, shape `[outputs]`.
    func offset(_ mode: Mode) throws -> Tensor {
        if let bias { return bias.value(mode) }
        let weight = weight.value(mode)
        return try Tensor(repeating: 0, shape: [outputs], type: weight.type, on: weight.device)
    }
}
