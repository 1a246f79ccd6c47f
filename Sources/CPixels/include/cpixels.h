/// The inner loops over pixels, in C for its vectors of chosen widths: on x86-64 each is compiled for AVX2 too, and the
/// processor decides. Arithmetic is in whole numbers, or rounds after each operation, so that every processor gives the
/// same bytes.
///
/// Pictures are interleaved 8-bit RGB. Nothing is allocated and nothing checked: the caller knows the sizes. Where a
/// pixel is read or written, the byte behind it is too, so the last of a picture needs one more behind it.
#ifndef CPIXELS_H
#define CPIXELS_H

#include <stddef.h>
#include <stdint.h>

/// Bits of a weight's fraction: 8 for the level and 2 for overshoot leave 22 of 32.
enum { WB_WEIGHT_BITS = 22 };

/// Makes `count` pixels of one row, each the weighted sum of `taps` pixels of the source from its entry of `firsts` on,
/// rounded and limited to 0...255. `weights` has `taps` entries for each.
void wb_resize_row(const uint8_t *_Nonnull source, const int32_t *_Nonnull firsts, size_t count,
                   const int32_t *_Nonnull weights, size_t taps, uint8_t *_Nonnull target);

/// Makes one row of `length` bytes, the weighted sum of `taps` rows that lie `length` bytes apart from `source` on.
void wb_sum_rows(const uint8_t *_Nonnull source, size_t length, const int32_t *_Nonnull weights, size_t taps,
                 uint8_t *_Nonnull target);

/// Makes `count` pixels of one row, each between four of the source, whose rows lie `stride` bytes apart: the first at
/// column `x` and row `y`, each further one a step on, all in 1/65536 pixels and inside, but for the last row and column.
void wb_warp_row(const uint8_t *_Nonnull source, size_t stride, int64_t x, int64_t y, int64_t step_x, int64_t step_y,
                 size_t count, uint8_t *_Nonnull target);

/// Turns hues by `turn` sixths of the circle, in 0..<6, and adds to saturations, which stay within 0...1, in place; the
/// largest of a pixel's three levels stays, and so does a pixel without colour.
void wb_tint(uint8_t *_Nonnull pixels, size_t count, float turn, float addition);

#endif
