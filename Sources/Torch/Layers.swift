import CTorch

extension Tensor {
    /// x Wᵀ + b.
    ///
    /// - Parameters:
    ///   - weight: Shape `[out, in]`; `self` is `[N, in]`.
    ///   - bias: Shape `[out]`.
    public func linear(weight: Tensor, bias: Tensor?) throws -> Tensor {
        try produced("linear", [self, weight]) { wb_tensor_linear(handle, weight.handle, bias?.handle, $0, $1) }
    }

    /// A linear layer's weight in the order that suits the processor, which ``packedLinear(_:bias:_:plus:)`` takes.
    ///
    /// - Parameter rows: About how many vectors the layer gets at a time; any number gives the same results.
    /// - Returns: On libtorch 1.13 and on other devices, the same as it was. Its numbers cannot be read.
    public func packedForLinear(rows: Int) throws -> Tensor {
        try produced("pack linear", [self]) { wb_tensor_pack_linear(handle, Int64(rows), $0, $1) }
    }

    /// x Wᵀ + b, then a nonlinearity, then the sum with another tensor; on libtorch 2 one pass. Nothing is recorded.
    ///
    /// - Parameters:
    ///   - weight: What ``packedForLinear(rows:)`` made of a weight of shape `[out, in]`; `self` is `[..., in]`.
    ///   - bias: Shape `[out]`.
    ///   - addend: Shape `[..., out]`.
    public func packedLinear(
        _ weight: Tensor, bias: Tensor?, _ activation: Activation? = nil, plus addend: Tensor? = nil
    ) throws -> Tensor {
        try produced("packed linear", [self, weight] + (addend.map { [$0] } ?? [])) {
            wb_tensor_packed_linear(
                handle, weight.handle, bias?.handle, activation.raw, addend?.handle, $0, $1)
        }
    }

    /// A two-dimensional convolution with zeros around the input.
    ///
    /// - Parameters:
    ///   - weight: Shape `[out, in / groups, kernel, kernel]`; `self` is `[N, in, H, W]`.
    ///   - padding: Zeros on each side, pixels.
    ///   - activation: What follows; without gradients it costs no pass of its own on libtorch 2.
    public func conv2d(
        weight: Tensor, bias: Tensor?, stride: Int, padding: Int, dilation: Int = 1, groups: Int = 1,
        activation: Activation? = nil
    ) throws -> Tensor {
        let strides = [Int64(stride), Int64(stride)]
        let paddings = [Int64(padding), Int64(padding)]
        let dilations = [Int64(dilation), Int64(dilation)]
        return try produced("conv2d", [self, weight]) {
            wb_tensor_conv2d(
                handle, weight.handle, bias?.handle, strides, paddings, dilations, Int64(groups), activation.raw,
                $0, $1)
        }
    }

    /// Batch normalisation over all dimensions but the second.
    ///
    /// - Parameters:
    ///   - isTraining: Whether the batch's own statistics serve; then the running ones are updated in place.
    ///   - momentum: The share of the batch in the update.
    ///
    /// Source: Ioffe and Szegedy, ICML 2015.
    public func batchNorm(
        weight: Tensor?, bias: Tensor?, runningMean: Tensor, runningVariance: Tensor, isTraining: Bool,
        momentum: Double, epsilon: Double
    ) throws -> Tensor {
        try produced("batch_norm", [self, runningMean]) {
            wb_tensor_batch_norm(
                handle, weight?.handle, bias?.handle, runningMean.handle, runningVariance.handle, isTraining ? 1 : 0,
                momentum, epsilon, $0, $1)
        }
    }

    /// Layer normalisation over the last dimension, then a scale and an offset for each of its elements.
    ///
    /// - Parameters:
    ///   - weight: Shape `[C]`; `self` is `[..., C]`.
    ///   - bias: Shape `[C]`.
    ///   - epsilon: Added to the variance.
    ///
    /// Source: Ba, Kiros, Hinton, arXiv 1607.06450.
    public func layerNorm(weight: Tensor, bias: Tensor, epsilon: Double) throws -> Tensor {
        try produced("layer_norm", [self, weight]) {
            wb_tensor_layer_norm(handle, weight.handle, bias.handle, epsilon, $0, $1)
        }
    }
}
