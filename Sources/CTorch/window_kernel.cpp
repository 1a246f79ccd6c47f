// The products have about 49 × 32 numbers, too few for a BLAS, whose calls and packing cost more than the work.
#include "window_kernel.hpp"

#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#define WB_EVERY_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WB_EVERY_PROCESSOR
#endif
#define WB_INLINE static inline __attribute__((always_inline))

namespace {
typedef float lanes __attribute__((vector_size(window_lanes * sizeof(float)), aligned(4), may_alias));
typedef int32_t whole_lanes __attribute__((vector_size(window_lanes * sizeof(int32_t)), aligned(4), may_alias));

/// Timm's penalty between regions.
constexpr float other_region = -100;
}  // namespace

window_scratch::window_scratch(int64_t tokens, int64_t width)
    : tokens(tokens), width(width), row(padded_to_lanes(width)), columns(padded_to_lanes(tokens)),
      query(tokens * row), key(tokens * row), value(tokens * row), output(tokens * row), gradient(tokens * row),
      turned_key(width * columns), turned_value(width * columns), weights(tokens * columns),
      changes(tokens * columns), peaks(tokens), shares(tokens) {}

window_tokens::window_tokens(int64_t tokens)
    : projected(tokens), output(tokens), gradient(tokens), region(padded_to_lanes(tokens)) {}

/// A matrix with any strides.
struct strided {
    const float *data;
    int64_t row, column;
};

/// R rows and V groups of lanes of a product, held in registers over the whole inner length.
template <int R, int V>
WB_INLINE void tile(float *out, int64_t out_row, strided a, const float *b, int64_t b_row, int64_t inner) {
    lanes sums[R][V] = {};
    for (int64_t k = 0; k < inner; ++k) {
        lanes right[V];
        for (int v = 0; v < V; ++v) right[v] = *(const lanes *)(b + k * b_row + v * window_lanes);
        for (int r = 0; r < R; ++r) {
            const float left = a.data[r * a.row + k * a.column];
            for (int v = 0; v < V; ++v) sums[r][v] += left * right[v];
        }
    }
    for (int r = 0; r < R; ++r)
        for (int v = 0; v < V; ++v) *(lanes *)(out + r * out_row + v * window_lanes) = sums[r][v];
}

template <int V>
WB_INLINE void stripe(float *out, int64_t out_row, int64_t rows, strided a, const float *b, int64_t b_row,
    int64_t inner) {
    int64_t i = 0;
    for (; i + 6 <= rows; i += 6)
        tile<6, V>(out + i * out_row, out_row, {a.data + i * a.row, a.row, a.column}, b, b_row, inner);
    for (; i < rows; ++i)
        tile<1, V>(out + i * out_row, out_row, {a.data + i * a.row, a.row, a.column}, b, b_row, inner);
}

/// out = a b; `columns` is a multiple of the lanes.
WB_INLINE void product(float *out, int64_t rows, int64_t columns, strided a, const float *b, int64_t inner) {
    int64_t j = 0;
    for (; j + 2 * window_lanes <= columns; j += 2 * window_lanes)
        stripe<2>(out + j, columns, rows, a, b + j, columns, inner);
    if (j < columns) stripe<1>(out + j, columns, rows, a, b + j, columns, inner);
}

// Vectors are passed by reference; by value, the calling convention would depend on the processor.

/// Replaces x ≤ 0 by eˣ, to 2 units in the last place: Cephes' polynomial over the remainder of x / ln 2.
///
/// Below e⁻⁸⁰ the result is 0: compared with a largest weight of 1 it is negligible, and after normalising it would be
/// a subnormal number, which takes Intel's processors a hundred times as long to multiply.
WB_INLINE void exponential(lanes &x) {
    const float round = 12582912.0f;  // 1.5 · 2²³: added, it leaves whole numbers in the low bits.
    const lanes lowest = lanes{} - 80.0f;
    // NaN stays NaN.
    const whole_lanes is_counted = ~(x <= lowest);
    const lanes shifted = x * 1.44269504088896341f + round;
    const lanes whole = shifted - round;
    const lanes rest = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
    lanes series = rest * 1.9875691500e-4f + 1.3981999507e-3f;
    series = series * rest + 8.3334519073e-3f;
    series = series * rest + 4.1665795894e-2f;
    series = series * rest + 1.6666665459e-1f;
    series = series * rest + 5.0000001201e-1f;
    const lanes fraction = series * rest * rest + rest + 1.0f;
    x = (lanes)(((whole_lanes)fraction + ((whole_lanes)shifted << 23)) & is_counted);
}

/// The maximum, or the sum, over all lanes.
WB_INLINE float largest(const lanes &x) {
    const auto half = [](float a, float b) { return a > b ? a : b; };
    return half(half(half(x[0], x[4]), half(x[1], x[5])), half(half(x[2], x[6]), half(x[3], x[7])));
}

WB_INLINE float total(const lanes &x) {
    return ((x[0] + x[4]) + (x[1] + x[5])) + ((x[2] + x[6]) + (x[3] + x[7]));
}

/// Copies one of query, key and value of each token, scaled.
WB_INLINE void take(std::vector<float> &out, const window_scratch &s, const window_tokens &tokens, int64_t offset,
    float scale) {
    for (int64_t i = 0; i < s.tokens; ++i) {
        const float *from = tokens.projected[i] + offset;
        float *to = out.data() + i * s.row;
        for (int64_t d = 0; d < s.width; ++d) to[d] = from[d] * scale;
    }
}

WB_INLINE void turn(std::vector<float> &out, const std::vector<float> &in, const window_scratch &s) {
    for (int64_t d = 0; d < s.width; ++d)
        for (int64_t i = 0; i < s.tokens; ++i) out[d * s.columns + i] = in[i * s.row + d];
}

/// Fills query, key, value and the softmax's weights.
WB_INLINE void attend(window_scratch &s, const window_tokens &tokens, int64_t heads, int64_t head,
    const float *bias) {
    const int64_t channels = heads * s.width, offset = head * s.width;
    take(s.query, s, tokens, offset, 1 / std::sqrt(static_cast<float>(s.width)));
    take(s.key, s, tokens, offset + channels, 1);
    take(s.value, s, tokens, offset + 2 * channels, 1);
    turn(s.turned_key, s.key, s);
    product(s.weights.data(), s.tokens, s.columns, {s.query.data(), s.row, 1}, s.turned_key.data(), s.width);
    // By rows, each step would wait for the one before; by steps, the processor works on many rows at once.
    for (int64_t i = 0; i < s.tokens; ++i) {
        float *row = s.weights.data() + i * s.columns;
        const float region = tokens.region[i];
        lanes top = {};
        top -= INFINITY;
        for (int64_t j = 0; j < s.columns; j += window_lanes) {
            lanes logit = *(lanes *)(row + j) + *(const lanes *)(bias + i * s.columns + j);
            if (tokens.has_regions)
                logit = *(const lanes *)(tokens.region.data() + j) == region ? logit : logit + other_region;
            *(lanes *)(row + j) = logit;
            top = logit > top ? logit : top;
        }
        s.peaks[i] = largest(top);
    }
    for (int64_t i = 0; i < s.tokens; ++i) {
        float *row = s.weights.data() + i * s.columns;
        const float peak = s.peaks[i];
        lanes sums = {};
        for (int64_t j = 0; j < s.columns; j += window_lanes) {
            lanes weight = *(lanes *)(row + j) - peak;
            exponential(weight);
            *(lanes *)(row + j) = weight;
            sums += weight;
        }
        s.shares[i] = 1 / total(sums);
    }
    for (int64_t i = 0; i < s.tokens; ++i) {
        float *row = s.weights.data() + i * s.columns;
        const float share = s.shares[i];
        for (int64_t j = 0; j < s.columns; j += window_lanes) *(lanes *)(row + j) *= share;
    }
}

/// Writes out a gradient: set once for a token of the map, added up for the tokens outside.
WB_INLINE void give(const window_scratch &s, const window_tokens &tokens, int64_t offset, float scale) {
    for (int64_t i = 0; i < s.tokens; ++i) {
        const float *from = s.gradient.data() + i * s.row;
        float *to = tokens.gradient[i] + offset;
        if (tokens.output[i] != nullptr) {
            for (int64_t d = 0; d < s.width; ++d) to[d] = from[d] * scale;
        } else {
            for (int64_t d = 0; d < s.width; ++d) to[d] += from[d] * scale;
        }
    }
}

WB_EVERY_PROCESSOR void window_forward(window_scratch &s, const window_tokens &tokens, int64_t heads, int64_t head,
    const float *bias) {
    attend(s, tokens, heads, head, bias);
    product(s.output.data(), s.tokens, s.row, {s.weights.data(), s.columns, 1}, s.value.data(), s.tokens);
    for (int64_t i = 0; i < s.tokens; ++i) {
        if (tokens.output[i] == nullptr) continue;
        std::memcpy(tokens.output[i] + head * s.width, s.output.data() + i * s.row, s.width * sizeof(float));
    }
}

WB_EVERY_PROCESSOR void window_backward(window_scratch &s, const window_tokens &tokens, int64_t heads, int64_t head,
    const float *bias, float *bias_gradient) {
    const int64_t channels = heads * s.width, offset = head * s.width;
    attend(s, tokens, heads, head, bias);
    for (int64_t i = 0; i < s.tokens; ++i) {
        float *to = s.output.data() + i * s.row;
        if (tokens.output[i] == nullptr) std::memset(to, 0, s.width * sizeof(float));
        else std::memcpy(to, tokens.output[i] + offset, s.width * sizeof(float));
    }
    const strided turned_weights = {s.weights.data(), 1, s.columns}, turned_changes = {s.changes.data(), 1, s.columns};
    product(s.gradient.data(), s.tokens, s.row, turned_weights, s.output.data(), s.tokens);
    give(s, tokens, offset + 2 * channels, 1);

    turn(s.turned_value, s.value, s);
    product(s.changes.data(), s.tokens, s.columns, {s.output.data(), s.row, 1}, s.turned_value.data(), s.width);
    for (int64_t i = 0; i < s.tokens; ++i) {
        float *change = s.changes.data() + i * s.columns;
        const float *weight = s.weights.data() + i * s.columns;
        lanes sums = {};
        for (int64_t j = 0; j < s.columns; j += window_lanes)
            sums += *(lanes *)(change + j) * *(const lanes *)(weight + j);
        const float mean = total(sums);
        for (int64_t j = 0; j < s.columns; j += window_lanes) {
            const lanes result = *(const lanes *)(weight + j) * (*(lanes *)(change + j) - mean);
            *(lanes *)(change + j) = result;
            *(lanes *)(bias_gradient + i * s.columns + j) += result;
        }
    }
    product(s.gradient.data(), s.tokens, s.row, {s.changes.data(), s.columns, 1}, s.key.data(), s.tokens);
    give(s, tokens, offset, 1 / std::sqrt(static_cast<float>(s.width)));
    // The query is scaled already.
    product(s.gradient.data(), s.tokens, s.row, turned_changes, s.query.data(), s.tokens);
    give(s, tokens, offset + channels, 1);
}
