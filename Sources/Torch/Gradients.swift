import CTorch

extension Tensor {
    /// Makes a leaf record gradients, or stop.
    public func setRequiresGradient(_ required: Bool) throws {
        try checked("requires_grad", [self]) { wb_tensor_require_gradient(handle, required ? 1 : 0, $0) }
    }

    /// The same numbers, cut off from gradients.
    public func detached() throws -> Tensor { try produced("detach", [self]) { wb_tensor_detach(handle, $0, $1) } }

    /// Adds the gradient of this number to that of every leaf it was computed from, and frees what was recorded.
    public func backward() throws { try checked("backward", [self]) { wb_tensor_backward(handle, $0) } }

    /// The gradient accumulated so far, or nil.
    public func gradient() throws -> Tensor? {
        var made: OpaquePointer?
        try checked("gradient", [self]) { wb_tensor_gradient(handle, &made, $0) }
        return made.map(Tensor.init(handle:))
    }

    /// Clears the gradient.
    public func clearGradient() throws {
        try checked("clear_gradient", [self]) { wb_tensor_clear_gradient(handle, $0) }
    }

    /// The gradient of this number with respect to a tensor that it was computed from, leaf or not. Frees what was
    /// recorded.
    ///
    /// - Throws: ``TorchError``, also if the number was not computed from the tensor or the tensor records nothing.
    public func derivative(by input: Tensor) throws -> Tensor {
        try produced("derivative", [self, input]) { wb_tensor_derivative(handle, input.handle, $0, $1) }
    }

    /// Overwrites the numbers in place with those of a tensor of the same shape.
    public func assign(_ source: Tensor) throws {
        try checked("assign", [self, source]) { wb_tensor_assign(handle, source.handle, $0) }
    }

    /// Moves tensors in place towards others of the same shapes by a share of the way, in `0...1`; 1 makes them equal.
    public static func approach(_ tensors: [Tensor], to targets: [Tensor], by share: Double) throws {
        try withHandles(tensors) { averages, count in
            try withHandles(targets) { sources, _ in
                try checked("approach") { wb_approach(averages, sources, count, share, $0) }
            }
        }
    }

    /// Calls `body` with the handles of tensors in one array.
    static func withHandles(
        _ tensors: [Tensor], _ body: (UnsafePointer<OpaquePointer>, Int) throws -> Void
    ) throws {
        let handles = tensors.map(\.handle)
        try handles.withUnsafeBufferPointer { buffer in
            guard let address = buffer.baseAddress else { return }
            try body(address, buffer.count)
        }
    }
}
