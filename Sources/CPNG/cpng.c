#include "cpng.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

// The result of a call; libpng passes a pointer to it back if it fails.
typedef struct {
    int32_t status;
    wb_png_error *error;
} wb_outcome;

// The state of one decoding.
typedef struct {
    wb_outcome outcome;
    const uint8_t *bytes;
    size_t count;
    size_t position;
    png_structp codec;
    png_infop info;
} wb_reader;

static void begin(wb_outcome *outcome, wb_png_error *error) {
    outcome->status = WB_PNG_OK;
    outcome->error = error;
    error->message[0] = '\0';
}

static void keep(wb_outcome *outcome, int32_t status, const char *message) {
    // The first failure causes those that follow.
    if (outcome->status == WB_PNG_OK) {
        outcome->status = status;
        snprintf(outcome->error->message, sizeof outcome->error->message, "%s", message);
    }
}

static void fail(png_structp codec, png_const_charp message) {
    keep(png_get_error_ptr(codec), WB_PNG_DAMAGED, message);
    png_longjmp(codec, 1);
}

// Warnings concern chunks that do not affect the pixels.
static void stay_silent(png_structp codec, png_const_charp message) {
    (void)codec;
    (void)message;
}

static void supply(png_structp codec, png_bytep target, size_t count) {
    wb_reader *reader = png_get_io_ptr(codec);
    if (count > reader->count - reader->position) {
        keep(&reader->outcome, WB_PNG_TRUNCATED, "the file ends early");
        png_error(codec, "the file ends early");
    }
    memcpy(target, reader->bytes + reader->position, count);
    reader->position += count;
}

static int32_t finish(wb_reader *reader) {
    png_destroy_read_struct(&reader->codec, &reader->info, NULL);
    return reader->outcome.status;
}

// Separate from reading, because the codec made here holds the target of a failure's jump.
static int32_t create(wb_reader *reader, const uint8_t *bytes, size_t count, wb_png_error *error) {
    memset(reader, 0, sizeof *reader);
    reader->bytes = bytes;
    reader->count = count;
    begin(&reader->outcome, error);
    reader->codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader->outcome, fail, stay_silent);
    reader->info = reader->codec == NULL ? NULL : png_create_info_struct(reader->codec);
    if (reader->info == NULL) {
        keep(&reader->outcome, WB_PNG_OUT_OF_MEMORY, "memory ran out");
    }
    return reader->outcome.status;
}

// Of the other chunks only transparency (tRNS, which libpng exempts) affects the pixels. The rest may be wrong or
// unpack to gigabytes, so they are skipped.
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
        keep(&reader.outcome, WB_PNG_DAMAGED, "the picture's size changed while reading");
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

// The state of one encoding.
typedef struct {
    wb_outcome outcome;
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    png_structp codec;
    png_infop info;
} wb_writer;

static void append(png_structp codec, png_bytep source, size_t count) {
    wb_writer *writer = png_get_io_ptr(codec);
    if (count > writer->capacity - writer->count) {
        size_t capacity = 2 * writer->capacity + count;
        uint8_t *bytes = realloc(writer->bytes, capacity);
        if (bytes == NULL) {
            keep(&writer->outcome, WB_PNG_OUT_OF_MEMORY, "memory ran out");
            png_error(codec, "memory ran out");
        }
        writer->bytes = bytes;
        writer->capacity = capacity;
    }
    memcpy(writer->bytes + writer->count, source, count);
    writer->count += count;
}

static void nothing_to_flush(png_structp codec) { (void)codec; }

static void write_picture(wb_writer *writer, const uint8_t *pixels, uint32_t width, uint32_t height) {
    png_set_write_fn(writer->codec, writer, append, nothing_to_flush);
    // Takes less than half the time of libpng's defaults (all filters, level 6) for a picture of twelve rows of
    // photographs, and an eighth more bytes.
    png_set_filter(writer->codec, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_compression_level(writer->codec, 4);
    png_set_user_limits(writer->codec, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(writer->codec, writer->info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer->codec, writer->info);
    for (uint32_t row = 0; row < height; ++row) {
        png_write_row(writer->codec, pixels + (size_t)3 * width * row);
    }
    png_write_end(writer->codec, NULL);
}

int32_t wb_png_encode(const uint8_t *pixels, int32_t width, int32_t height, uint8_t **encoded, size_t *encoded_count,
                      wb_png_error *error) {
    wb_writer writer;
    memset(&writer, 0, sizeof writer);
    begin(&writer.outcome, error);
    *encoded = NULL;
    *encoded_count = 0;
    writer.codec = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer.outcome, fail, stay_silent);
    writer.info = writer.codec == NULL ? NULL : png_create_info_struct(writer.codec);
    if (writer.info == NULL) {
        keep(&writer.outcome, WB_PNG_OUT_OF_MEMORY, "memory ran out");
    } else if (!setjmp(png_jmpbuf(writer.codec))) {
        write_picture(&writer, pixels, (uint32_t)width, (uint32_t)height);
    }
    png_destroy_write_struct(&writer.codec, &writer.info);
    if (writer.outcome.status != WB_PNG_OK) {
        free(writer.bytes);
        return writer.outcome.status;
    }
    *encoded = writer.bytes;
    *encoded_count = writer.count;
    return WB_PNG_OK;
}

void wb_png_free(uint8_t *encoded) { free(encoded); }
