/// TIFF pictures in memory, over libtiff: the first page, with at most 8 bits per sample.
///
/// libtiff's functions for tags take variable arguments, and its reports go to callbacks, neither of which Swift can
/// provide. Functions return WB_TIFF_OK and fill their out-parameters, or another status and a message copied into
/// `*error`. The shim keeps no state between calls, which may run on any number of threads.
#ifndef CTIFF_H
#define CTIFF_H

#include <stddef.h>
#include <stdint.h>

enum {
    WB_TIFF_OK = 0,
    /// The file ends before its picture does.
    WB_TIFF_TRUNCATED = 1,
    /// The bytes contradict the format.
    WB_TIFF_DAMAGED = 2,
    /// A type of TIFF that is not decoded, such as 16 bits per sample or a camera's raw file.
    WB_TIFF_UNSUPPORTED = 3,
    WB_TIFF_OUT_OF_MEMORY = 4,
};

typedef struct {
    char message[256];
} wb_tiff_error;

typedef struct {
    int32_t width;
    int32_t height;
    /// EXIF's number for the orientation, 1 if there is none.
    int32_t orientation;
    /// 1 if the colours are not yet multiplied by alpha, else 0.
    int32_t has_plain_alpha;
} wb_tiff_header;

/// Reads the first page's tags; allocates nothing of the picture's size.
int32_t wb_tiff_read_header(const uint8_t *_Nonnull bytes, size_t count, wb_tiff_header *_Nonnull header,
                            wb_tiff_error *_Nonnull error);

/// Decodes the first page as stored to interleaved 8-bit RGBA into `pixels`, which the caller owns, which is aligned
/// for 32-bit numbers and whose `capacity` is in bytes. Colours are multiplied by alpha unless the header has
/// `has_plain_alpha`. If anything is missing or wrong, the contents of `pixels` are undefined.
int32_t wb_tiff_decode(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull pixels, size_t capacity,
                       wb_tiff_error *_Nonnull error);

#endif
