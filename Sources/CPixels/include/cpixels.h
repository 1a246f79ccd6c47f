/// The inner loops over pixels, in C for control over vector widths: on x86-64 each is also compiled for AVX2 and
/// selected at run time. Arithmetic uses integers or rounds after each operation, so that every processor gives the
/// same bytes.
///
/// Pictures are interleaved 8-bit RGB. The functions neither allocate nor check: the caller knows the sizes. Reading or
/// writing a pixel also touches the following byte, so a picture needs one extra byte at its end.
#ifndef CPIXELS_H
#define CPIXELS_H

#include <stddef.h>
#include <stdint.h>

/// Fractional bits of a weight: 8 for the level and 2 for overshoot leave 22 of 32.
enum { WB_WEIGHT_BITS = 22 };

/// Makes `count` pixels of one row, each the weighted sum of `taps` source pixels from its entry of `firsts`, rounded
/// and limited to 0...255. `weights` has `taps` entries for each.
void wb_resize_row(const uint8_t *_Nonnull source, const int32_t *_Nonnull firsts, size_t count,
                   const int32_t *_Nonnull weights, size_t taps, uint8_t *_Nonnull target);

/// Makes one row of `length` bytes, the weighted sum of `taps` rows, `length` bytes apart, starting at `source`.
void wb_sum_rows(const uint8_t *_Nonnull source, size_t length, const int32_t *_Nonnull weights, size_t taps,
                 uint8_t *_Nonnull target);

/// Makes `count` pixels of one row, each interpolated from four of the source, whose rows are `stride` bytes apart. The
/// first is at column `x` and row `y`, each other one step further, in 1/65536 pixels; all are inside, excluding the
/// last row and column.
void wb_warp_row(const uint8_t *_Nonnull source, size_t stride, int64_t x, int64_t y, int64_t step_x, int64_t step_y,
                 size_t count, uint8_t *_Nonnull target);

/// Turns hues by `turn` sixths of the circle, in 0..<6, and adds to saturations, which stay within 0...1, in place; the
/// largest of a pixel's three levels and colourless pixels do not change.
void wb_tint(uint8_t *_Nonnull pixels, size_t count, float turn, float addition);

#endif
