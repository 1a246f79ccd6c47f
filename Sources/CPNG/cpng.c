#include "cpng.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <png.h>

// What one decoding needs; libpng hands back a pointer to it.
typedef struct {
    const uint8_t *bytes;
    size_t count;
    size_t position;
    int32_t status;
    wb_png_error *error;
    png_structp codec;
    png_infop info;
} wb_reader;

static void keep(wb_reader *reader, int32_t status, const char *message) {
    // The first failure is the cause of those that follow.
    if (reader->status == WB_PNG_OK) {
        reader->status = status;
        snprintf(reader->error->message, sizeof reader->error->message, "%s", message);
    }
}

static void fail(png_structp codec, png_const_charp message) {
    keep(png_get_error_ptr(codec), WB_PNG_DAMAGED, message);
    png_longjmp(codec, 1);
}

// Warnings are about chunks that do not matter to the pixels.
static void stay_silent(png_structp codec, png_const_charp message) {
    (void)codec;
    (void)message;
}

static void supply(png_structp codec, png_bytep target, size_t count) {
    wb_reader *reader = png_get_io_ptr(codec);
    if (count > reader->count - reader->position) {
        keep(reader, WB_PNG_TRUNCATED, "the file ends early");
        png_error(codec, "the file ends early");
    }
    memcpy(target, reader->bytes + reader->position, count);
    reader->position += count;
}

static int32_t finish(wb_reader *reader) {
    png_destroy_read_struct(&reader->codec, &reader->info, NULL);
    return reader->status;
}

// Apart from reading: the codec that is made here holds the place that a failure jumps to.
static int32_t create(wb_reader *reader, const uint8_t *bytes, size_t count, wb_png_error *error) {
    memset(reader, 0, sizeof *reader);
    reader->bytes = bytes;
    reader->count = count;
    reader->error = error;
    error->message[0] = '\0';
    reader->codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail, stay_silent);
    reader->info = reader->codec == NULL ? NULL : png_create_info_struct(reader->codec);
    if (reader->info == NULL) {
        keep(reader, WB_PNG_OUT_OF_MEMORY, "memory ran out");
    }
    return reader->status;
}

// Of the other chunks only transparency (tRNS, which libpng excepts) matters to the pixels; the rest may be wrong, or
// unpack to gigabytes, and need not be known.
static void read_header(wb_reader *reader) {
    png_set_read_fn(reader->codec, reader, supply);
    png_set_user_limits(reader->codec, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_keep_unknown_chunks(reader->codec, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(reader->codec, reader->info);
}

static int has_alpha(const wb_reader *reader) {
    return (png_get_color_type(reader->codec, reader->info) & PNG_COLOR_MASK_ALPHA) != 0 ||
           png_get_valid(reader->codec, reader->info, PNG_INFO_tRNS) != 0;
}

int32_t wb_png_read_header(const uint8_t *bytes, size_t count, wb_png_header *header, wb_png_error *error) {
    wb_reader reader;
    if (create(&reader, bytes, count, error) != WB_PNG_OK || setjmp(png_jmpbuf(reader.codec))) {
        return finish(&reader);
    }
    read_header(&reader);
    header->width = (int32_t)png_get_image_width(reader.codec, reader.info);
    header->height = (int32_t)png_get_image_height(reader.codec, reader.info);
    header->channels = has_alpha(&reader) ? 4 : 3;
    return finish(&reader);
}

int32_t wb_png_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t capacity, wb_png_error *error) {
    wb_reader reader;
    if (create(&reader, bytes, count, error) != WB_PNG_OK || setjmp(png_jmpbuf(reader.codec))) {
        return finish(&reader);
    }
    read_header(&reader);
    uint32_t width = png_get_image_width(reader.codec, reader.info);
    uint32_t height = png_get_image_height(reader.codec, reader.info);
    png_set_expand(reader.codec);
    png_set_strip_16(reader.codec);
    png_set_gray_to_rgb(reader.codec);
    int passes = png_set_interlace_handling(reader.codec);
    png_read_update_info(reader.codec, reader.info);
    size_t stride = png_get_rowbytes(reader.codec, reader.info);
    if (stride != (size_t)width * (has_alpha(&reader) ? 4 : 3) || stride * height > capacity) {
        keep(&reader, WB_PNG_DAMAGED, "the picture changed its size while it was read");
        return finish(&reader);
    }
    for (int pass = 0; pass < passes; ++pass) {
        for (uint32_t row = 0; row < height; ++row) {
            png_read_row(reader.codec, pixels + stride * row, NULL);
        }
    }
    png_read_end(reader.codec, NULL);
    return finish(&reader);
}
