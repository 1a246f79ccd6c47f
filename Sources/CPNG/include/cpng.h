/// PNG pictures in memory, over libpng.
///
/// libpng reports failures through a callback that must not return. Only setjmp can catch these, and Swift cannot call
/// it, so every jump begins and ends in this shim. Functions return WB_PNG_OK and fill their out-parameters, or another
/// status and a message copied into `*error`. The shim keeps no state between calls, which may run on any number of
/// threads.
#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

enum {
    WB_PNG_OK = 0,
    /// The file ends before its picture does.
    WB_PNG_TRUNCATED = 1,
    /// The bytes contradict the format.
    WB_PNG_DAMAGED = 2,
    WB_PNG_OUT_OF_MEMORY = 3,
};

typedef struct {
    char message[256];
} wb_png_error;

typedef struct {
    int32_t width;
    int32_t height;
    /// 4 if pixels may be transparent, else 3.
    int32_t channels;
} wb_png_header;

/// Reads the data before the pixels; allocates nothing of the picture's size.
int32_t wb_png_read_header(const uint8_t *_Nonnull bytes, size_t count, wb_png_header *_Nonnull header,
                           wb_png_error *_Nonnull error);

/// Decodes to interleaved 8-bit RGB, or RGBA with colours not yet multiplied by alpha, according to the header's
/// `channels`, into `pixels`, which the caller owns and whose `capacity` is in bytes. Keeps the upper 8 of 16 bits;
/// ignores gamma and colour profiles. Reads the file to its end; if anything is missing or wrong, the contents of
/// `pixels` are undefined.
int32_t wb_png_decode(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull pixels, size_t capacity,
                      wb_png_error *_Nonnull error);

/// Encodes interleaved 8-bit RGB. On WB_PNG_OK `*encoded` holds `*encoded_count` bytes until wb_png_free; otherwise it
/// is NULL. The same versions of libpng and zlib give the same bytes at every call.
int32_t wb_png_encode(const uint8_t *_Nonnull pixels, int32_t width, int32_t height,
                      uint8_t *_Nullable *_Nonnull encoded, size_t *_Nonnull encoded_count,
                      wb_png_error *_Nonnull error);

void wb_png_free(uint8_t *_Nullable encoded);

#endif
