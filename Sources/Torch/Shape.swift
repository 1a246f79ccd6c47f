import CTorch

extension Tensor {
    /// The same numbers in another shape; one dimension may be -1.
    public func reshaped(_ shape: [Int]) throws -> Tensor {
        let dimensions = shape.map(Int64.init)
        return try produced("reshape to \(shape)", [self]) {
            wb_tensor_reshape(handle, dimensions, dimensions.count, $0, $1)
        }
    }

    /// Repeats dimensions of length 1 until the shape is `shape`; copies nothing.
    public func expanded(to shape: [Int]) throws -> Tensor {
        let dimensions = shape.map(Int64.init)
        return try produced("expand to \(shape)", [self]) {
            wb_tensor_expand(handle, dimensions, dimensions.count, $0, $1)
        }
    }

    /// The dimensions in another order.
    public func permuted(_ order: [Int]) throws -> Tensor {
        let dimensions = order.map(Int64.init)
        return try produced("permute to \(order)", [self]) {
            wb_tensor_permute(handle, dimensions, dimensions.count, $0, $1)
        }
    }

    /// The matrix with rows and columns exchanged.
    public func transposed() throws -> Tensor { try permuted([1, 0]) }

    /// The part of a dimension that `range` covers.
    public func narrowed(_ dimension: Int, to range: Range<Int>) throws -> Tensor {
        try produced("narrow to \(range)", [self]) {
            wb_tensor_narrow(handle, Int64(dimension), Int64(range.lowerBound), Int64(range.count), $0, $1)
        }
    }

    /// Adds zeros around the last two dimensions.
    public func padded(left: Int, right: Int, top: Int, bottom: Int) throws -> Tensor {
        let padding = [left, right, top, bottom].map(Int64.init)
        return try produced("pad", [self]) { wb_tensor_pad(handle, padding, padding.count, 0, $0, $1) }
    }

    /// Maps `[N, C, H, W]` resized with Keys' cubic (a = -0.5), smoothed if they shrink, as Pillow does.
    public func resized(height: Int, width: Int) throws -> Tensor {
        try produced("resize", [self]) { wb_tensor_resize(handle, Int64(height), Int64(width), $0, $1) }
    }

    /// The tensors joined along a dimension.
    public static func concatenated(_ tensors: [Tensor], along dimension: Int) throws -> Tensor {
        try produced("concatenate", tensors) { handle, error in
            tensors.map(\.handle).withUnsafeBufferPointer { buffer in
                guard let address = buffer.baseAddress else { return 1 }
                return wb_tensor_concatenate(address, buffer.count, Int64(dimension), handle, error)
            }
        }
    }

    /// The same numbers as another type.
    public func cast(to type: ScalarType) throws -> Tensor {
        try produced("cast", [self]) { wb_tensor_cast(handle, type.raw, $0, $1) }
    }

    /// Half-precision numbers as float32, others unchanged, for computations that exceed the precision or range of half
    /// precision.
    public func widened() throws -> Tensor {
        switch type {
        case .float16, .bfloat16: try cast(to: .float32)
        case .float32, .float64, .int64: self
        }
    }

    /// The same numbers on another device.
    public func moved(to device: Device) throws -> Tensor {
        try produced("move to \(device)", [self]) { wb_tensor_to_device(handle, device.number, $0, $1) }
    }
}
