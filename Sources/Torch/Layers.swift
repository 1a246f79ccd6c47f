import CTorch

extension Tensor {
    /// x Wᵀ + b.
    ///
    /// - Parameters:
    ///   - weight: Shape `[out, in]`; `self` is `[N, in]`.
    ///   - bias: Shape `[out]`.
    /// - Returns: Shape `[N, out]`.
    /// - Throws: ``TorchError``.
    public func linear(weight: Tensor, bias: Tensor?) throws -> Tensor {
        try produced("linear", [self, weight]) { wb_tensor_linear(handle, weight.handle, bias?.handle, $0, $1) }
    }

    /// A linear layer's weight in the CPU's preferred order, for ``packedLinear(_:bias:_:plus:)``.
    ///
    /// - Parameter rows: About how many vectors the layer gets at a time; any number gives the same results.
    /// - Returns: A tensor whose numbers cannot be read; on libtorch 1.13 and on other devices, the weight unchanged.
    /// - Throws: ``TorchError``.
    public func packedForLinear(rows: Int) throws -> Tensor {
        try produced("pack linear", [self]) { wb_tensor_pack_linear(handle, Int64(rows), $0, $1) }
    }

    /// x Wᵀ + b, then a nonlinearity, then the sum with another tensor; one pass on libtorch 2. Records no gradients.
    ///
    /// - Parameters:
    ///   - weight: A weight of shape `[out, in]`, packed by ``packedForLinear(rows:)``; `self` is `[..., in]`.
    ///   - bias: Shape `[out]`.
    ///   - activation: The nonlinearity; nil for none.
    ///   - addend: Shape `[..., out]`.
    /// - Returns: Shape `[..., out]`.
    /// - Throws: ``TorchError``.
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
    ///   - bias: Shape `[out]`.
    ///   - stride: Pixels of the input from one output to the next.
    ///   - padding: Zeros on each side, pixels.
    ///   - dilation: Pixels from one tap of the kernel to the next.
    ///   - groups: Parts into which the channels are divided, a divisor of `in` and `out`.
    ///   - activation: Applied afterwards; on libtorch 2, without gradients, in the same pass.
    /// - Returns: Shape `[N, out, H', W']`.
    /// - Throws: ``TorchError``.
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

    /// Batch normalisation over all dimensions but the second, then a scale and an offset for each of its elements.
    ///
    /// - Parameters:
    ///   - weight: Shape `[C]`; `self` is `[N, C, ...]`. Nil for a scale of 1.
    ///   - bias: Shape `[C]`; nil for an offset of 0.
    ///   - runningMean: Shape `[C]`; the mean outside training.
    ///   - runningVariance: Shape `[C]`; the variance outside training.
    ///   - isTraining: Whether to use the batch's own statistics and update the running ones in place.
    ///   - momentum: The share of the batch in the update.
    ///   - epsilon: Added to the variance.
    /// - Returns: The shape of `self`.
    /// - Throws: ``TorchError``.
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
    /// - Returns: The shape of `self`.
    /// - Throws: ``TorchError``.
    ///
    /// Source: Ba, Kiros, Hinton, arXiv 1607.06450.
    public func layerNorm(weight: Tensor, bias: Tensor, epsilon: Double) throws -> Tensor {
        try produced("layer_norm", [self, weight]) {
            wb_tensor_layer_norm(handle, weight.handle, bias.handle, epsilon, $0, $1)
        }
    }
}

extension Tensor {
    /// Multi-head attention within the windows of a map, with a learned bias by distance.
    ///
    /// A head of width d computes softmax(q kᵀ / √d + bias) v among the tokens of each window. Windows that extend over
    /// the right or lower edge use `outside` there.
    ///
    /// - Parameters:
    ///   - table: The biases, shape `[(2h - 1)(2w - 1), heads]` for windows of h by w tokens: row (Δy + h - 1)(2w - 1)
    ///     + Δx + w - 1 for a key Δy above and Δx left of the query.
    ///   - outside: The query, key and value of a token beyond the map, shape `[3C]`.
    ///   - heads: A divisor of C.
    ///   - window: Height and width, tokens.
    ///   - shift: How far the windows move down and right. One that wraps around the map attends within each side only.
    /// - Returns: Shape `[N, H, W, C]`; `self` is `[N, H, W, 3C]`: query, key and value, each by heads.
    /// - Throws: ``TorchError``.
    ///
    /// Source: Liu et al., ICCV 2021 (Swin).
    public func windowAttention(
        table: Tensor, outside: Tensor, heads: Int, window: (height: Int, width: Int),
        shift: (down: Int, right: Int) = (0, 0)
    ) throws -> Tensor {
        let windows = [Int64(window.height), Int64(window.width)]
        let shifts = [Int64(shift.down), Int64(shift.right)]
        return try produced("window attention", [self, table, outside]) {
            wb_tensor_window_attention(handle, table.handle, outside.handle, Int64(heads), windows, shifts, $0, $1)
        }
    }

    /// Multi-head attention of all tokens to each other.
    ///
    /// A head of width d computes softmax(q kᵀ / √d) v.
    ///
    /// - Parameters:
    ///   - heads: A divisor of C.
    ///   - positions: Cosines and sines of angles that turn each query and key, shape `[T, C / heads]`: x becomes
    ///     x cos + (-x₂, x₁) sin, x₁ and x₂ being its halves (rotary positions); nil for none.
    /// - Returns: Shape `[N, T, C]`; `self` is `[N, T, 3C]`: query, key and value, each by heads.
    /// - Throws: ``TorchError``.
    ///
    /// Source: Vaswani et al., NeurIPS 2017; rotary positions: Su et al., arXiv 2104.09864.
    public func attention(heads: Int, turnedBy positions: (cosines: Tensor, sines: Tensor)? = nil) throws -> Tensor {
        try produced("attention", [self]) {
            wb_tensor_attention(handle, Int64(heads), positions?.cosines.handle, positions?.sines.handle, $0, $1)
        }
    }
}
