// Attention of all tokens to each other: libtorch's fused kernel if it has one, its operations otherwise.
#include <cmath>

#include "guarded.hpp"

namespace {

/// x cos + (-x2, x1) sin for the halves x1 and x2 of each row x.
at::Tensor turned(const at::Tensor &x, const at::Tensor &cosines, const at::Tensor &sines) {
    const int64_t half = x.size(-1) / 2;
    const auto quarter_turn = at::cat({-x.narrow(-1, half, half), x.narrow(-1, 0, half)}, -1);
    return (x * cosines + quarter_turn * sines).to(x.scalar_type());
}

/// softmax(q kᵀ / √width) v of `[..., tokens, width]`, the softmax in float32.
at::Tensor attended(const at::Tensor &query, const at::Tensor &key, const at::Tensor &value) {
    const double scale = 1 / std::sqrt(static_cast<double>(query.size(-1)));
    const auto logits = at::matmul(query * scale, key.transpose(-2, -1));
    const auto wide = is_half(logits) ? at::kFloat : logits.scalar_type();
    return at::matmul(at::softmax(logits, -1, wide).to(value.scalar_type()), value);
}

/// The same for a batch `[N, heads, tokens, width]`, as `[N, tokens, heads, width]`.
at::Tensor attended_by_operations(const at::Tensor &query, const at::Tensor &key, const at::Tensor &value) {
    if (query.requires_grad()) return attended(query, key, value).transpose(1, 2);
    // One image at a time, because the logits of a batch can take gigabytes.
    auto output = at::empty({query.size(0), query.size(2), query.size(1), query.size(3)}, query.options());
    for (int64_t image = 0; image < query.size(0); ++image)
        output[image].copy_(attended(query[image], key[image], value[image]).transpose(0, 1));
    return output;
}

}  // namespace

int32_t wb_tensor_attention(const wb_tensor *projected, int64_t heads, const wb_tensor *cosines,
    const wb_tensor *sines, wb_out out, wb_error *error) {
    return produced(out, error, [&]() -> at::Tensor {
        const auto &x = projected->value;
        TORCH_CHECK(x.dim() == 3 && heads > 0 && x.size(2) % (3 * heads) == 0, "tokens ", x.sizes(),
                    " cannot be cut into query, key and value of ", heads, " heads");
        const int64_t batch = x.size(0), tokens = x.size(1), channels = x.size(2) / 3, width = channels / heads;
        if (x.is_meta()) return at::empty({batch, tokens, channels}, x.options());
        const auto parts = x.reshape({batch, tokens, 3, heads, width});
        auto pair = parts.narrow(2, 0, 2);
        if (cosines != nullptr && sines != nullptr) {
            TORCH_CHECK(width % 2 == 0, "a head of ", width, " channels has no halves");
            const at::IntArrayRef rows[] = {cosines->value.sizes(), sines->value.sizes()};
            for (const auto shape : rows)
                TORCH_CHECK(shape == at::IntArrayRef({tokens, width}), "positions ", shape, " do not fit ", tokens,
                            " tokens of ", width, " channels");
            const auto table = [&](const wb_tensor *tensor) { return tensor->value.reshape({tokens, 1, 1, width}); };
            pair = turned(pair, table(cosines), table(sines));
        }
        const auto query = pair.select(2, 0).transpose(1, 2), key = pair.select(2, 1).transpose(1, 2);
        const auto value = parts.select(2, 2).transpose(1, 2);
        const auto fused = attended_in_one_pass(query, key, value);
        const auto output = fused ? fused->transpose(1, 2) : attended_by_operations(query, key, value);
        return output.reshape({batch, tokens, channels});
    });
}
