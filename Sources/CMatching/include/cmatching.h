/// The selection behind products of descriptors: the nearest descriptor in each photograph.
///
/// `products` are inner products, `scales` the reciprocal lengths of the columns. Every result is one of
/// products[i] * scales[i], rounded to single precision, so it does not depend on the processor. Scales are finite,
/// products are not NaN.
#ifndef CMATCHING_H
#define CMATCHING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Widens bytes to floats.
void wb_widen(const uint8_t *_Nonnull bytes, size_t count, float *_Nonnull values);

/// Sets maxima[s] to the greatest product in segment s of a row. Segment s ends before ends[s], where the next begins;
/// an empty segment's maximum is minus infinity.
void wb_segment_maxima(const float *_Nonnull products, const float *_Nonnull scales, const int32_t *_Nonnull ends,
                       size_t segments, float *_Nonnull maxima);

typedef struct {
    /// The greatest, and the greatest of the others; minus infinity if there is none.
    float best, second;
} wb_best_two;

/// The two greatest of products[i] * scales[i] * scale. Each also replaces the maximum of its column if it is greater.
wb_best_two wb_row_and_columns(const float *_Nonnull products, const float *_Nonnull scales, float scale, size_t count,
                               float *_Nonnull columns);

/// The first i with products[i] * scales[i] * scale equal to `value`, or `count`.
size_t wb_first_equal(const float *_Nonnull products, const float *_Nonnull scales, float scale, size_t count,
                      float value);

/// Whether the processor multiplies bytes as wb_byte_maxima and wb_byte_products need: AVX-512 with VNNI.
int32_t wb_has_byte_products(void);

/// The number of columns after wb_pack_bytes has added empty ones.
size_t wb_padded_columns(size_t count);

/// Rearranges `count` descriptors of `width` bytes, a multiple of 4, to be columns. `packed` and `offsets` have room
/// for the padded columns.
void wb_pack_bytes(const uint8_t *_Nonnull bytes, size_t count, size_t width, uint8_t *_Nonnull packed,
                   int32_t *_Nonnull offsets);

/// Subtracts 128 from each byte, as rows need.
void wb_shift_bytes(const uint8_t *_Nonnull bytes, size_t count, int8_t *_Nonnull shifted);

/// Sets maxima[r] to the greatest inner product of row r with a column, times the column's scale: what
/// wb_segment_maxima finds in exact products. `scales` has the padded columns, with 0 for empty ones, whose product is 0
/// and so no more than any product of bytes.
void wb_byte_maxima(const int8_t *_Nonnull rows, size_t count, size_t width, const uint8_t *_Nonnull packed,
                    const int32_t *_Nonnull offsets, const float *_Nonnull scales, size_t columns,
                    float *_Nonnull maxima);

/// Writes the exact inner products of rows and columns; those of row r begin at products[r * stride].
void wb_byte_products(const int8_t *_Nonnull rows, size_t count, size_t width, const uint8_t *_Nonnull packed,
                      const int32_t *_Nonnull offsets, size_t columns, float *_Nonnull products, size_t stride);

#ifdef __cplusplus
}
#endif

#endif
