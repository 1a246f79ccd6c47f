#include "cmatching.h"

#include <cstring>
#include <limits>

#if defined(__x86_64__) && defined(__linux__)

#include <immintrin.h>

#define WB_VNNI __attribute__((target("avx512f,avx512vl,avx512vnni")))
#define WB_INLINE static inline __attribute__((always_inline))

namespace {

constexpr size_t lane_count = 16;

/// The inner products of R rows with V groups of 16 columns, held in registers over the whole width.
template <int R, int V>
WB_VNNI WB_INLINE void multiply(const int8_t *rows, size_t width, const uint8_t *packed, const int32_t *offsets,
                                __m512i (&sums)[R][V]) {
    for (int v = 0; v < V; ++v) {
        const __m512i offset = _mm512_loadu_si512(offsets + v * lane_count);
        for (int r = 0; r < R; ++r) sums[r][v] = offset;
    }
    for (size_t k = 0; k < width; k += 4) {
        __m512i columns[V];
        for (int v = 0; v < V; ++v) columns[v] = _mm512_loadu_si512(packed + (v * width + k) * lane_count);
        for (int r = 0; r < R; ++r) {
            int32_t four;
            std::memcpy(&four, rows + r * width + k, sizeof four);
            const __m512i row = _mm512_set1_epi32(four);
            for (int v = 0; v < V; ++v) sums[r][v] = _mm512_dpbusd_epi32(sums[r][v], columns[v], row);
        }
    }
}

/// Adds groups of columns to the 16 maxima of each row.
template <int R, int V>
WB_VNNI WB_INLINE void add_maxima(const int8_t *rows, size_t width, const uint8_t *packed, const int32_t *offsets,
                                  const float *scales, float *most) {
    __m512i sums[R][V];
    multiply<R, V>(rows, width, packed, offsets, sums);
    for (int r = 0; r < R; ++r) {
        __m512 best = _mm512_loadu_ps(most + r * lane_count);
        for (int v = 0; v < V; ++v) {
            const __m512 scale = _mm512_loadu_ps(scales + v * lane_count);
            best = _mm512_max_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sums[r][v]), scale), best);
        }
        _mm512_storeu_ps(most + r * lane_count, best);
    }
}

/// Writes the products of groups of columns, of which the last has `last` columns.
template <int R, int V>
WB_VNNI WB_INLINE void write_products(const int8_t *rows, size_t width, const uint8_t *packed, const int32_t *offsets,
                                      size_t last, float *products, size_t stride) {
    __m512i sums[R][V];
    multiply<R, V>(rows, width, packed, offsets, sums);
    const __mmask16 mask = (__mmask16)((1u << last) - 1);
    for (int r = 0; r < R; ++r) {
        for (int v = 0; v < V - 1; ++v) {
            _mm512_storeu_ps(products + r * stride + v * lane_count, _mm512_cvtepi32_ps(sums[r][v]));
        }
        _mm512_mask_storeu_ps(
            products + r * stride + (V - 1) * lane_count, mask, _mm512_cvtepi32_ps(sums[r][V - 1]));
    }
}

/// The groups of 16 columns, and the rows, that are multiplied together.
constexpr int group_count = 4, row_count = 6;

template <int R>
WB_VNNI WB_INLINE void maxima_of_rows(
    const int8_t *rows, size_t width, const uint8_t *packed, const int32_t *offsets, const float *scales,
    size_t columns, float *maxima) {
    float most[R * lane_count];
    for (size_t i = 0; i < R * lane_count; ++i) most[i] = -std::numeric_limits<float>::infinity();
    size_t column = 0;
    for (; column + group_count * lane_count <= columns; column += group_count * lane_count) {
        add_maxima<R, group_count>(rows, width, packed + column * width, offsets + column, scales + column, most);
    }
    for (; column < columns; column += lane_count) {
        add_maxima<R, 1>(rows, width, packed + column * width, offsets + column, scales + column, most);
    }
    for (int r = 0; r < R; ++r) maxima[r] = _mm512_reduce_max_ps(_mm512_loadu_ps(most + r * lane_count));
}

template <int R>
WB_VNNI WB_INLINE void products_of_rows(const int8_t *rows, size_t width, const uint8_t *packed, const int32_t *offsets,
                                        size_t columns, float *products, size_t stride) {
    size_t column = 0;
    for (; column + group_count * lane_count <= columns; column += group_count * lane_count) {
        write_products<R, group_count>(
            rows, width, packed + column * width, offsets + column, lane_count, products + column, stride);
    }
    for (; column < columns; column += lane_count) {
        const size_t rest = columns - column;
        write_products<R, 1>(rows, width, packed + column * width, offsets + column,
                             rest < lane_count ? rest : lane_count, products + column, stride);
    }
}

}  // namespace

int32_t wb_has_byte_products(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vnni");
}

WB_VNNI
void wb_byte_maxima(const int8_t *rows, size_t count, size_t width, const uint8_t *packed, const int32_t *offsets,
                    const float *scales, size_t columns, float *maxima) {
    const size_t padded = wb_padded_columns(columns);
    size_t row = 0;
    for (; row + row_count <= count; row += row_count) {
        maxima_of_rows<row_count>(rows + row * width, width, packed, offsets, scales, padded, maxima + row);
    }
    for (; row < count; ++row) {
        maxima_of_rows<1>(rows + row * width, width, packed, offsets, scales, padded, maxima + row);
    }
}

WB_VNNI
void wb_byte_products(const int8_t *rows, size_t count, size_t width, const uint8_t *packed, const int32_t *offsets,
                      size_t columns, float *products, size_t stride) {
    size_t row = 0;
    for (; row + row_count <= count; row += row_count) {
        products_of_rows<row_count>(
            rows + row * width, width, packed, offsets, columns, products + row * stride, stride);
    }
    for (; row < count; ++row) {
        products_of_rows<1>(rows + row * width, width, packed, offsets, columns, products + row * stride, stride);
    }
}

#else

int32_t wb_has_byte_products(void) { return 0; }

// Never called.
void wb_byte_maxima(const int8_t *, size_t, size_t, const uint8_t *, const int32_t *, const float *, size_t, float *) {}
void wb_byte_products(const int8_t *, size_t, size_t, const uint8_t *, const int32_t *, size_t, float *, size_t) {}

#endif

size_t wb_padded_columns(size_t count) { return (count + 15) / 16 * 16; }

void wb_shift_bytes(const uint8_t *bytes, size_t count, int8_t *shifted) {
    for (size_t i = 0; i < count; ++i) shifted[i] = (int8_t)(bytes[i] - 128);
}

void wb_pack_bytes(const uint8_t *bytes, size_t count, size_t width, uint8_t *packed, int32_t *offsets) {
    const size_t padded = wb_padded_columns(count);
    for (size_t column = 0; column < padded; ++column) {
        uint8_t *group = packed + column / 16 * 16 * width + column % 16 * 4;
        if (column >= count) {
            for (size_t k = 0; k < width; k += 4) std::memset(group + 16 * k, 0, 4);
            offsets[column] = 0;
            continue;
        }
        const uint8_t *descriptor = bytes + column * width;
        int32_t sum = 0;
        for (size_t k = 0; k < width; ++k) sum += descriptor[k];
        for (size_t k = 0; k < width; k += 4) std::memcpy(group + 16 * k, descriptor + k, 4);
        offsets[column] = 128 * sum;
    }
}
