#include "ctiff.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <tiffio.h>

// libtiff allocates a whole strip or tile. Tiles may be larger than the picture, but not by much.
enum { BYTES_PER_PIXEL_LIMIT = 16, EXTRA_BYTES_LIMIT = 16 << 20 };

// The state of one call; libtiff passes a pointer to it back.
typedef struct {
    const uint8_t *bytes;
    size_t count;
    uint64_t position;
    int has_run_out;
    wb_tiff_error *error;
} wb_source;

static tmsize_t supply(thandle_t handle, void *target, tmsize_t count) {
    wb_source *source = handle;
    if (count <= 0) {
        return 0;
    }
    uint64_t left = source->position < source->count ? source->count - source->position : 0;
    uint64_t given = (uint64_t)count < left ? (uint64_t)count : left;
    if (given < (uint64_t)count) {
        source->has_run_out = 1;
    }
    if (given > 0) {
        memcpy(target, source->bytes + source->position, given);
    }
    source->position += given;
    return (tmsize_t)given;
}

static tmsize_t refuse(thandle_t handle, void *bytes, tmsize_t count) {
    (void)handle;
    (void)bytes;
    (void)count;
    return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    wb_source *source = handle;
    switch (whence) {
    case SEEK_SET:
        source->position = offset;
        break;
    case SEEK_CUR:
        source->position += offset;
        break;
    default:
        source->position = source->count + offset;
        break;
    }
    return source->position;
}

static int nothing_to_close(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle) { return ((wb_source *)handle)->count; }

static void keep(wb_source *source, const char *message) {
    // The first failure causes those that follow.
    if (source->error->message[0] == '\0') {
        snprintf(source->error->message, sizeof source->error->message, "%s", message);
    }
}

static int on_error(TIFF *file, void *data, const char *module, const char *format, va_list arguments) {
    (void)file;
    (void)module;
    char text[sizeof((wb_tiff_error *)0)->message];
    vsnprintf(text, sizeof text, format, arguments);
    keep(data, text);
    return 1;
}

// Warnings concern tags that do not affect the pixels.
static int stay_silent(TIFF *file, void *data, const char *module, const char *format, va_list arguments) {
    (void)file;
    (void)data;
    (void)module;
    (void)format;
    (void)arguments;
    return 1;
}

static TIFF *open_file(wb_source *source, const uint8_t *bytes, size_t count, tmsize_t largest, wb_tiff_error *error) {
    memset(source, 0, sizeof *source);
    source->bytes = bytes;
    source->count = count;
    source->error = error;
    error->message[0] = '\0';
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options == NULL) {
        return NULL;
    }
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, largest);
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, source);
    TIFFOpenOptionsSetWarningHandlerExtR(options, stay_silent, source);
    // 'm': not memory-mapped, so that a read past the end is seen.
    TIFF *file =
        TIFFClientOpenExt("picture", "rm", source, supply, refuse, seek, nothing_to_close, size_of, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return file;
}

static int32_t failed(const wb_source *source) { return source->has_run_out ? WB_TIFF_TRUNCATED : WB_TIFF_DAMAGED; }

static int32_t unsupported(wb_source *source, const char *message) {
    source->error->message[0] = '\0';
    keep(source, message);
    return WB_TIFF_UNSUPPORTED;
}

static int32_t check(TIFF *file, wb_source *source, wb_tiff_header *header) {
    uint32_t width = 0, height = 0, kind = 0;
    uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, compression = COMPRESSION_NONE, extras = 0;
    uint16_t orientation = ORIENTATION_TOPLEFT;
    uint16_t *extra_kinds = NULL;
    uint8_t *version = NULL;
    if (!TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &width) || !TIFFGetField(file, TIFFTAG_IMAGELENGTH, &height) ||
        width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX) {
        keep(source, "it has no width or height");
        return failed(source);
    }
    TIFFGetFieldDefaulted(file, TIFFTAG_SUBFILETYPE, &kind);
    if ((kind & FILETYPE_REDUCEDIMAGE) != 0 || TIFFGetField(file, TIFFTAG_DNGVERSION, &version)) {
        return unsupported(source, "it is a camera's raw file, or its first page is a thumbnail");
    }
    TIFFGetFieldDefaulted(file, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetFieldDefaulted(file, TIFFTAG_COMPRESSION, &compression);
    TIFFGetFieldDefaulted(file, TIFFTAG_EXTRASAMPLES, &extras, &extra_kinds);
    TIFFGetFieldDefaulted(file, TIFFTAG_ORIENTATION, &orientation);
    if (bits > 8 || format != SAMPLEFORMAT_UINT) {
        char text[64];
        snprintf(text, sizeof text, "it has %u bits per sample%s", bits,
                 format == SAMPLEFORMAT_UINT ? "" : ", not of whole numbers");
        return unsupported(source, text);
    }
    if (compression == COMPRESSION_OJPEG) {
        return unsupported(source, "it has the obsolete JPEG compression of TIFF 6.0");
    }
    char text[1024] = "";
    if (!TIFFRGBAImageOK(file, text)) {
        return unsupported(source, text);
    }
    header->width = (int32_t)width;
    header->height = (int32_t)height;
    header->orientation = orientation;
    // libtiff multiplies colours, but not grey.
    header->has_plain_alpha = samples == 2 && extras == 1 && extra_kinds[0] == EXTRASAMPLE_UNASSALPHA;
    return WB_TIFF_OK;
}

int32_t wb_tiff_read_header(const uint8_t *bytes, size_t count, wb_tiff_header *header, wb_tiff_error *error) {
    wb_source source;
    TIFF *file = open_file(&source, bytes, count, EXTRA_BYTES_LIMIT, error);
    if (file == NULL) {
        return failed(&source);
    }
    int32_t status = check(file, &source, header);
    TIFFClose(file);
    return status;
}

int32_t wb_tiff_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t capacity, wb_tiff_error *error) {
    wb_source source;
    tmsize_t largest = (tmsize_t)(capacity / 4 * BYTES_PER_PIXEL_LIMIT + EXTRA_BYTES_LIMIT);
    TIFF *file = open_file(&source, bytes, count, largest, error);
    if (file == NULL) {
        return failed(&source);
    }
    wb_tiff_header header;
    int32_t status = check(file, &source, &header);
    TIFFRGBAImage image;
    char text[1024] = "";
    if (status == WB_TIFF_OK && (size_t)header.width * (size_t)header.height > capacity / 4) {
        keep(&source, "the picture's size changed while reading");
        status = WB_TIFF_DAMAGED;
    }
    if (status == WB_TIFF_OK && !TIFFRGBAImageBegin(&image, file, 1, text)) {
        keep(&source, text);
        status = failed(&source);
    } else if (status == WB_TIFF_OK) {
        // As stored: nothing is turned.
        image.req_orientation = image.orientation;
        memset(pixels, 0, capacity);
        if (!TIFFRGBAImageGet(&image, (uint32_t *)pixels, (uint32_t)header.width, (uint32_t)header.height)) {
            keep(&source, "the pixels cannot be read");
            status = failed(&source);
        }
        TIFFRGBAImageEnd(&image);
    }
    TIFFClose(file);
    return status;
}
