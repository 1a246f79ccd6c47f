import Torch

/// x Wᵀ + b.
public struct Linear: Layer {
    /// The shape of the weights in a file.
    public enum WeightForm: Sendable {
        /// `[outputs, inputs]`.
        case matrix
        /// That of a 1×1 convolution, `[outputs, inputs, 1, 1]`.
        case convolution
    }

    private let weight: Parameter
    private let bias: Parameter?
    private let inputs: Int
    private let outputs: Int
    private let form: WeightForm

    /// Creates the layer from `[..., inputs]` to `[..., outputs]`.
    ///
    /// With initial `weights` the bias starts at 0; by default both are drawn as in PyTorch, uniform within ±1/√inputs.
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

    /// The product of `[..., inputs]` and the weights, plus the bias: `[..., outputs]`.
    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        if case .serving(let folded) = mode { return try served(input, folded) }
        let output = try weight.partner(input).linear(weight: matrix(weight.factor(mode)), bias: bias?.factor(mode))
        mode.tally(output.count * inputs)
        return output
    }

    /// The layer and a nonlinearity; when serving, one pass.
    public func callAsFunction(_ input: Tensor, _ activation: Activation, mode: Mode) throws -> Tensor {
        if case .serving(let folded) = mode { return try served(input, folded, activation) }
        return try activation(self(input, mode: mode))
    }

    /// A branch's last layer, scaled and added to the branch's input, `[..., outputs]`; when serving, one pass.
    ///
    /// `depth` can drop the branch; `scale` has a factor for each output, shape `[outputs]`.
    public func callAsFunction(
        _ input: Tensor, addedTo identity: Tensor, through depth: StochasticDepth, scaledBy scale: Parameter? = nil,
        mode: Mode
    ) throws -> Tensor {
        if case .serving(let folded) = mode { return try served(input, folded, scaledBy: scale, plus: identity) }
        return try depth.sum(identity, self(input, mode: mode), scaledBy: scale?.value(mode), mode: mode)
    }

    private func served(
        _ input: Tensor, _ folded: FoldedWeights, _ activation: Activation? = nil, scaledBy scale: Parameter? = nil,
        plus addend: Tensor? = nil
    ) throws -> Tensor {
        let mode = Mode.serving(folded)
        let kernel = try folded.kernel(of: weight.value(mode)) {
            var (matrix, offset) = (try matrix(weight.value(mode)), bias?.value(mode))
            if let scale = scale?.value(mode) {
                matrix = try matrix * scale.reshaped([outputs, 1])
                offset = try offset.map { try $0 * scale }
            }
            let rounded = try weight.rounded(FoldedWeights.Kernel(weight: matrix, bias: offset))
            return FoldedWeights.Kernel(
                weight: try rounded.weight.packedForLinear(rows: input.count / inputs), bias: rounded.bias)
        }
        return try weight.partner(input).packedLinear(kernel.weight, bias: kernel.bias, activation, plus: addend)
    }

    private func matrix(_ weight: Tensor) throws -> Tensor {
        form == .matrix ? weight : try weight.reshaped([outputs, inputs])
    }

    /// The layer's output for an input of zeros, shape `[outputs]`.
    func offset(_ mode: Mode) throws -> Tensor {
        if let bias { return bias.value(mode) }
        let weight = weight.value(mode)
        return try Tensor(repeating: 0, shape: [outputs], type: weight.type, on: weight.device)
    }
}
