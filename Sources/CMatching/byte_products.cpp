#include "cmatching.h"

#include <cstring>
#include <limits>

#if defined(__x86_64__) && defined(__linux__)

#include <immintrin.h>

#define WB_VNNI __attribute__((target("avx512f,avx512vl,avx512vnni")))

namespace {

constexpr size_t lane_count = 16;

/// R rows with V groups of 16 columns, held in registers over the whole width; `most` has 16 maxima for each row.
template <int R, int V>
WB_VNNI static inline __attribute__((always_inline)) void products(
    const int8_t *rows, size_t width, const uint8_t *packed, const int32_t *offsets, const float *scales, float *most) {
    __m512i sums[R][V];
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
    for (int r = 0; r < R; ++r) {
        __m512 best = _mm512_loadu_ps(most + r * lane_count);
        for (int v = 0; v < V; ++v) {
            const __m512 scale = _mm512_loadu_ps(scales + v * lane_count);
            best = _mm512_max_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sums[r][v]), scale), best);
        }
        _mm512_storeu_ps(most + r * lane_count, best);
    }
}

template <int R>
WB_VNNI static inline __attribute__((always_inline)) void maxima_of_rows(
    const int8_t *rows, size_t width, const uint8_t *packed, const int32_t *offsets, const float *scales,
    size_t columns, float *maxima) {
    float most[R * lane_count];
    for (size_t i = 0; i < R * lane_count; ++i) most[i] = -std::numeric_limits<float>::infinity();
    constexpr int groups = 4;
    size_t column = 0;
    for (; column + groups * lane_count <= columns; column += groups * lane_count) {
        products<R, groups>(rows, width, packed + column * width, offsets + column, scales + column, most);
    }
    for (; column < columns; column += lane_count) {
        products<R, 1>(rows, width, packed + column * width, offsets + column, scales + column, most);
    }
    for (int r = 0; r < R; ++r) maxima[r] = _mm512_reduce_max_ps(_mm512_loadu_ps(most + r * lane_count));
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
    constexpr int together = 6;
    size_t row = 0;
    for (; row + together <= count; row += together) {
        maxima_of_rows<together>(rows + row * width, width, packed, offsets, scales, columns, maxima + row);
    }
    for (; row < count; ++row) {
        maxima_of_rows<1>(rows + row * width, width, packed, offsets, scales, columns, maxima + row);
    }
}

#else

int32_t wb_has_byte_products(void) { return 0; }

// Never called.
void wb_byte_maxima(const int8_t *, size_t, size_t, const uint8_t *, const int32_t *, const float *, size_t, float *) {}

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
