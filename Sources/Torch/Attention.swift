import CTorch

extension Tensor {
    /// Multi-head attention within the windows of a map, with a learned bias by distance.
    ///
    /// A head of width d computes softmax(q kᵀ / √d + bias) v among the tokens of each window. Windows that reach over
    /// the right or lower edge meet `outside` there.
    ///
    /// - Parameters:
    ///   - table: The biases, shape `[(2h - 1)(2w - 1), heads]` for windows of h by w tokens: row
    ///     (Δy + h - 1)(2w - 1) + Δx + w - 1 for a key that lies Δy above and Δx left of the query.
    ///   - outside: The query, key and value of a token beyond the map, shape `[3C]`.
    ///   - heads: A divisor of C.
    ///   - window: Height and width, tokens.
    ///   - shift: How far the windows move down and right. One that wraps around the map attends within each side only.
    /// - Returns: Shape `[N, H, W, C]`; `self` is `[N, H, W, 3C]`: query, key and value, each by heads.
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
}
