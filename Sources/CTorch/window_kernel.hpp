// Attention within one window and one head, on a CPU. All its data stays in the nearest cache.
#ifndef CTORCH_WINDOW_KERNEL_HPP
#define CTORCH_WINDOW_KERNEL_HPP

#include <cstdint>
#include <vector>

/// The numbers that one instruction processes; rows of scratch are padded to a multiple.
constexpr int64_t window_lanes = 8;

inline int64_t padded_to_lanes(int64_t count) { return (count + window_lanes - 1) / window_lanes * window_lanes; }

/// The scratch of one thread for windows of `tokens` tokens whose heads are `width` wide.
struct window_scratch {
    const int64_t tokens, width, row, columns;
    // `[tokens, row]`: query (scaled), key, value, output or its gradient, and a gradient before it is written out.
    std::vector<float> query, key, value, output, gradient;
    // `[width, columns]`.
    std::vector<float> turned_key, turned_value;
    // `[tokens, columns]`.
    std::vector<float> weights, changes;
    // `[tokens]`: the largest logit, and one over the sum of the exponentials.
    std::vector<float> peaks, shares;

    window_scratch(int64_t tokens, int64_t width);
};

/// One window: the address of each token's numbers, and the region of the picture that it shows.
struct window_tokens {
    /// The query, key and value of each token, `[3, heads, width]`.
    std::vector<const float *> projected;
    /// The output (in the backward pass, its gradient) of each token, `[heads, width]`; null outside the map.
    std::vector<float *> output;
    /// In the backward pass: the gradient of `projected`, set for tokens of the map, added to for those outside.
    std::vector<float *> gradient;
    /// Tokens attend only to those of the same region: a shifted window joins opposite edges. Padded to the lanes.
    std::vector<float> region;
    bool has_regions = false;

    explicit window_tokens(int64_t tokens);
};

/// softmax(q kᵀ / √width + bias) v, written to the output.
///
/// @param bias `[tokens, columns]` of this head; padded columns hold a number that makes every weight 0.
void window_forward(window_scratch &scratch, const window_tokens &tokens, int64_t heads, int64_t head,
    const float *bias);

/// Computes the gradients of `window_forward`; adds the bias's to `bias_gradient`.
void window_backward(window_scratch &scratch, const window_tokens &tokens, int64_t heads, int64_t head,
    const float *bias, float *bias_gradient);

#endif
