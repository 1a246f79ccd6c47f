// The compiler must not join the multiplications, which would round differently on some processors.
#pragma STDC FP_CONTRACT OFF

#include "cmatching.h"

#include <cmath>
#include <cstring>
#include <limits>

#if defined(__x86_64__) && defined(__linux__)
#define WB_EVERY_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WB_EVERY_PROCESSOR
#endif
#define WB_INLINE static inline __attribute__((always_inline))

namespace {

constexpr size_t lane_count = 16;
typedef float lanes __attribute__((vector_size(lane_count * sizeof(float)), aligned(4), may_alias));

constexpr float lowest = -std::numeric_limits<float>::infinity();

}  // namespace

/// Lane i of the result is lane i + DISTANCE; the highest lanes come from the start.
#define TURNED(vector, distance)                                                                                       \
    __builtin_shufflevector((vector), (vector), (0 + (distance)) % 16, (1 + (distance)) % 16, (2 + (distance)) % 16,  \
                            (3 + (distance)) % 16, (4 + (distance)) % 16, (5 + (distance)) % 16,                      \
                            (6 + (distance)) % 16, (7 + (distance)) % 16, (8 + (distance)) % 16,                      \
                            (9 + (distance)) % 16, (10 + (distance)) % 16, (11 + (distance)) % 16,                    \
                            (12 + (distance)) % 16, (13 + (distance)) % 16, (14 + (distance)) % 16,                   \
                            (15 + (distance)) % 16)
#define AT(numbers, index) (*(const lanes *)((numbers) + (index)))
#define GREATER(a, b) ((a) > (b) ? (a) : (b))
#define LESS(a, b) ((a) < (b) ? (a) : (b))

template <int D>
WB_INLINE void fold_greatest(lanes &values) {
    const lanes other = TURNED(values, D);
    values = GREATER(other, values);
}

WB_INLINE float greatest(lanes &values) {
    fold_greatest<8>(values);
    fold_greatest<4>(values);
    fold_greatest<2>(values);
    fold_greatest<1>(values);
    return values[0];
}

/// The two greatest of two pairs of the two greatest, lane by lane.
template <int D>
WB_INLINE void fold_two(lanes &best, lanes &second) {
    const lanes other_best = TURNED(best, D), other_second = TURNED(second, D);
    const lanes lesser = LESS(other_best, best);
    second = GREATER(other_second, second);
    second = GREATER(lesser, second);
    best = GREATER(other_best, best);
}

WB_EVERY_PROCESSOR
void wb_widen(const uint8_t *bytes, size_t count, float *values) {
    for (size_t i = 0; i < count; ++i) values[i] = bytes[i];
}

WB_EVERY_PROCESSOR
void wb_segment_maxima(const float *products, const float *scales, const int32_t *ends, size_t segments,
                       float *maxima) {
    size_t start = 0;
    for (size_t segment = 0; segment < segments; ++segment) {
        const size_t end = (size_t)ends[segment];
        float most = lowest;
        if (end - start >= lane_count) {
            lanes even = AT(products, start) * AT(scales, start);
            // The last lanes overlap those before: a maximum may count twice.
            const size_t last = end - lane_count;
            lanes odd = AT(products, last) * AT(scales, last);
            size_t i = start + lane_count;
            for (; i + lane_count <= last; i += 2 * lane_count) {
                const lanes one = AT(products, i) * AT(scales, i);
                const lanes other = AT(products, i + lane_count) * AT(scales, i + lane_count);
                even = GREATER(one, even);
                odd = GREATER(other, odd);
            }
            if (i < last) {
                const lanes one = AT(products, i) * AT(scales, i);
                even = GREATER(one, even);
            }
            even = GREATER(odd, even);
            most = greatest(even);
        } else {
            for (size_t i = start; i < end; ++i) {
                const float product = products[i] * scales[i];
                most = GREATER(product, most);
            }
        }
        maxima[segment] = most;
        start = end;
    }
}

WB_EVERY_PROCESSOR
wb_best_two wb_row_and_columns(const float *products, const float *scales, float scale, size_t count, float *columns) {
    lanes best = lowest - (lanes){}, second = best;
    size_t i = 0;
    for (; i + lane_count <= count; i += lane_count) {
        const lanes product = AT(products, i) * AT(scales, i) * scale;
        const lanes column = AT(columns, i);
        *(lanes *)(columns + i) = GREATER(product, column);
        const lanes lesser = LESS(product, best);
        second = GREATER(lesser, second);
        best = GREATER(product, best);
    }
    fold_two<8>(best, second);
    fold_two<4>(best, second);
    fold_two<2>(best, second);
    fold_two<1>(best, second);
    wb_best_two result = {best[0], second[0]};
    for (; i < count; ++i) {
        const float product = products[i] * scales[i] * scale;
        columns[i] = GREATER(product, columns[i]);
        const float lesser = LESS(product, result.best);
        result.second = GREATER(lesser, result.second);
        result.best = GREATER(product, result.best);
    }
    return result;
}

WB_EVERY_PROCESSOR
size_t wb_first_equal(const float *products, const float *scales, float scale, size_t count, float value) {
    for (size_t i = 0; i < count; ++i) {
        if (products[i] * scales[i] * scale == value) return i;
    }
    return count;
}
