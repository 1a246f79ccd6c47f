#include "cpixels.h"

#include <string.h>

// A fused multiply-add rounds once less, and not every processor has it.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define WB_FAST __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define WB_FAST
#endif

typedef uint8_t bytes4 __attribute__((vector_size(4)));
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef int32_t numbers4 __attribute__((vector_size(16)));
typedef int32_t numbers16 __attribute__((vector_size(64)));

static const int32_t half = 1 << (WB_WEIGHT_BITS - 1);

// A pixel and the following byte, which is not used.
static inline __attribute__((always_inline)) numbers4 pixel_at(const uint8_t *source) {
    bytes4 bytes;
    memcpy(&bytes, source, sizeof bytes);
    return __builtin_convertvector(bytes, numbers4);
}

#define LIMITED(sum, type) ((type)__builtin_elementwise_max(__builtin_elementwise_min((sum), (type){} + 255), (type){}))

static inline __attribute__((always_inline)) bytes4 levels_of(numbers4 sum) {
    return __builtin_convertvector(LIMITED(sum, numbers4), bytes4);
}

// The extra byte belongs to the next pixel, which is written afterwards.
static inline __attribute__((always_inline)) void write(bytes4 levels, uint8_t *target) {
    memcpy(target, &levels, sizeof levels);
}

WB_FAST
void wb_resize_row(const uint8_t *source, const int32_t *firsts, size_t count, const int32_t *weights, size_t taps,
                   uint8_t *target) {
    for (size_t index = 0; index < count; ++index, weights += taps) {
        const uint8_t *pixel = source + 3 * (size_t)firsts[index];
        numbers4 sum = (numbers4){} + half;
        for (size_t tap = 0; tap < taps; ++tap) {
            sum += pixel_at(pixel + 3 * tap) * weights[tap];
        }
        write(levels_of(sum >> WB_WEIGHT_BITS), target + 3 * index);
    }
}

WB_FAST
void wb_sum_rows(const uint8_t *source, size_t length, const int32_t *weights, size_t taps, uint8_t *target) {
    size_t place = 0;
    for (; place + 16 <= length; place += 16) {
        numbers16 sum = (numbers16){} + half;
        for (size_t row = 0; row < taps; ++row) {
            bytes16 bytes;
            memcpy(&bytes, source + row * length + place, sizeof bytes);
            sum += __builtin_convertvector(bytes, numbers16) * weights[row];
        }
        bytes16 levels = __builtin_convertvector(LIMITED(sum >> WB_WEIGHT_BITS, numbers16), bytes16);
        memcpy(target + place, &levels, sizeof levels);
    }
    for (; place < length; ++place) {
        int32_t sum = half;
        for (size_t row = 0; row < taps; ++row) {
            sum += source[row * length + place] * weights[row];
        }
        sum >>= WB_WEIGHT_BITS;
        target[place] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
    }
}

WB_FAST
void wb_warp_row(const uint8_t *source, size_t stride, int64_t x, int64_t y, int64_t step_x, int64_t step_y,
                 size_t count, uint8_t *target) {
    for (size_t index = 0; index < count; ++index) {
        const uint8_t *above = source + (size_t)(y >> 16) * stride + 3 * (size_t)(x >> 16);
        const uint8_t *below = above + stride;
        // With 11 bits per weight, their products with a level fit in 32 bits.
        int32_t right = (int32_t)((x & 0xFFFF) >> 5), down = (int32_t)((y & 0xFFFF) >> 5);
        numbers4 upper = pixel_at(above), lower = pixel_at(below);
        upper = (upper << 11) + (pixel_at(above + 3) - upper) * right;
        lower = (lower << 11) + (pixel_at(below + 3) - lower) * right;
        numbers4 sum = (upper << 11) + (lower - upper) * down + (1 << 21);
        write(__builtin_convertvector(sum >> 22, bytes4), target + 3 * index);
        x += step_x;
        y += step_y;
    }
}

enum { TINTED_AT_ONCE = 16 };

static inline __attribute__((always_inline)) float smaller(float a, float b) { return a < b ? a : b; }
static inline __attribute__((always_inline)) float larger(float a, float b) { return a > b ? a : b; }

// The share of a channel whose own hue is at `own` sixths: all up to one sixth away, none from two sixths.
static inline __attribute__((always_inline)) float channel_level(float hue, float own, float value, float strength) {
    float offset = hue > own ? hue - own : own - hue;
    float loss = smaller(1, larger(0, smaller(offset, 6 - offset) - 1));
    return value - strength * loss + 0.5f;
}

WB_FAST
void wb_tint(uint8_t *pixels, size_t count, float turn, float addition) {
    for (size_t start = 0; start < count; start += TINTED_AT_ONCE, pixels += 3 * TINTED_AT_ONCE) {
        size_t length = count - start < TINTED_AT_ONCE ? count - start : TINTED_AT_ONCE;
        float red[TINTED_AT_ONCE] = {0}, green[TINTED_AT_ONCE] = {0}, blue[TINTED_AT_ONCE] = {0};
        for (size_t index = 0; index < length; ++index) {
            red[index] = pixels[3 * index];
            green[index] = pixels[3 * index + 1];
            blue[index] = pixels[3 * index + 2];
        }
        for (size_t index = 0; index < TINTED_AT_ONCE; ++index) {
            float r = red[index], g = green[index], b = blue[index];
            float value = larger(larger(r, g), b);
            float span = value - smaller(smaller(r, g), b);
            float divisor = span > 0 ? span : 1;
            float difference = value == r ? g - b : value == g ? b - r : r - g;
            float base = value == r ? 0.0f : value == g ? 2.0f : 4.0f;
            float hue = turn + (base + difference / divisor);
            hue = hue >= 6 ? hue - 6 : hue;
            float saturation = smaller(1, larger(0, span / (value > 0 ? value : 1) + addition));
            float strength = span > 0 ? value * saturation : 0;
            // A colourless pixel loses nothing: all three levels are the largest one.
            red[index] = channel_level(hue, 0, value, strength);
            green[index] = channel_level(hue, 2, value, strength);
            blue[index] = channel_level(hue, 4, value, strength);
        }
        for (size_t index = 0; index < length; ++index) {
            pixels[3 * index] = (uint8_t)red[index];
            pixels[3 * index + 1] = (uint8_t)green[index];
            pixels[3 * index + 2] = (uint8_t)blue[index];
        }
    }
}
