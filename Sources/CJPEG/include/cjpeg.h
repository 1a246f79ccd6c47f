/// JPEG pictures in memory, over libjpeg-turbo.
///
/// libjpeg reports failures through a callback that must not return. Only setjmp can catch these, and Swift cannot call
/// it, so every jump begins and ends in this shim. Functions return WB_JPEG_OK and fill their out-parameters, or
/// another status and a message copied into `*error`. The shim keeps no state between calls, which may run on any
/// number of threads.
#ifndef CJPEG_H
#define CJPEG_H

#include <stddef.h>
#include <stdint.h>

enum {
    WB_JPEG_OK = 0,
    /// The file ends before its picture does.
    WB_JPEG_TRUNCATED = 1,
    /// The bytes contradict the format, or pixels were lost.
    WB_JPEG_DAMAGED = 2,
    /// A type of JPEG that the library does not decode (lossless, 12 bits, two channels).
    WB_JPEG_UNSUPPORTED = 3,
    WB_JPEG_OUT_OF_MEMORY = 4,
};

typedef struct {
    char message[256];
} wb_jpeg_error;

typedef struct {
    int32_t width;
    int32_t height;
} wb_jpeg_size;

/// Reads only the header: the picture's stored size, before any orientation. Allocates nothing of that size.
int32_t wb_jpeg_read_size(const uint8_t *_Nonnull bytes, size_t count, wb_jpeg_size *_Nonnull size,
                          wb_jpeg_error *_Nonnull error);

/// Decodes to interleaved 8-bit RGB at `eighths`/8 of the stored size, in 1...8, each side rounded up, into `pixels`,
/// which the caller owns and whose `capacity` is in bytes. Lost data is WB_JPEG_TRUNCATED or WB_JPEG_DAMAGED; the
/// contents of `pixels` are then undefined.
int32_t wb_jpeg_decode(const uint8_t *_Nonnull bytes, size_t count, int32_t eighths, uint8_t *_Nonnull pixels,
                       size_t capacity, wb_jpeg_error *_Nonnull error);

/// Decodes like wb_jpeg_decode, but fills what a file that ends early does not give with grey, and sets `*lost_rows` to
/// the rows from the row of blocks in which the data end: 0 if a progressive file only lacks detail.
int32_t wb_jpeg_salvage(const uint8_t *_Nonnull bytes, size_t count, int32_t eighths, uint8_t *_Nonnull pixels,
                        size_t capacity, int32_t *_Nonnull lost_rows, wb_jpeg_error *_Nonnull error);

/// Encodes interleaved 8-bit RGB at `quality` in 1...100, with full colour resolution from 90 and half below, without
/// metadata. Unless `is_hasty`, a second pass finds the shortest codes for the same pixels. `*bytes` is new; free it
/// with wb_jpeg_free.
int32_t wb_jpeg_encode(const uint8_t *_Nonnull pixels, wb_jpeg_size size, int32_t quality, int32_t is_hasty,
                       uint8_t *_Nullable *_Nonnull bytes, size_t *_Nonnull count, wb_jpeg_error *_Nonnull error);

/// Frees the bytes from wb_jpeg_encode.
void wb_jpeg_free(uint8_t *_Nullable bytes);

#endif
