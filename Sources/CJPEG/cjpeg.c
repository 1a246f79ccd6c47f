#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

// A progressive file of a few kilobytes can request thousands of passes over a large picture.
enum { LARGEST_SCAN_COUNT = 500 };

// libjpeg passes back a pointer to the manager; our own members follow it.
typedef struct {
    struct jpeg_error_mgr manager;
    jmp_buf failure;
    int32_t status;
    wb_jpeg_error *error;
    // Where to note the rows that a file which ends early lacks; NULL if such a file is refused.
    int32_t *lost_rows;
    int has_run_out;
} wb_failure;

static int32_t status_of(int code) {
    switch (code) {
    case JWRN_JPEG_EOF:
    case JERR_INPUT_EOF:
    case JERR_INPUT_EMPTY:
        return WB_JPEG_TRUNCATED;
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_SOF_UNSUPPORTED:
    case JERR_NOT_COMPILED:
    case JERR_ARITH_NOTIMPL:
        return WB_JPEG_UNSUPPORTED;
    case JERR_OUT_OF_MEMORY:
        return WB_JPEG_OUT_OF_MEMORY;
    default:
        return WB_JPEG_DAMAGED;
    }
}

static void fail(j_common_ptr codec) {
    wb_failure *failure = (wb_failure *)codec->err;
    char text[JMSG_LENGTH_MAX];
    failure->manager.format_message(codec, text);
    snprintf(failure->error->message, sizeof failure->error->message, "%s", text);
    failure->status = status_of(failure->manager.msg_code);
    longjmp(failure->failure, 1);
}

// The rows from the row of blocks in which the data end. If a progressive file has a scan of all rows, only
// detail is lost.
static int32_t rows_left(j_decompress_ptr codec) {
    if (codec->input_scan_number > 1) {
        return 0;
    }
    JDIMENSION block_row = (JDIMENSION)codec->max_v_samp_factor * DCTSIZE;
    JDIMENSION read = codec->input_iMCU_row * block_row;
    return read < codec->image_height ? (int32_t)(codec->image_height - read) : 0;
}

// A negative level is a warning. libjpeg fills missing data with grey and continues, but a photograph that lost pixels
// must not enter a catalogue unnoticed. Harmless warnings are ignored.
static void emit(j_common_ptr codec, int level) {
    if (level >= 0) {
        return;
    }
    wb_failure *failure = (wb_failure *)codec->err;
    if (failure->lost_rows != NULL) {
        if (codec->err->msg_code == JWRN_JPEG_EOF && !failure->has_run_out) {
            failure->has_run_out = 1;
            *failure->lost_rows = rows_left((j_decompress_ptr)codec);
        }
        if (failure->has_run_out) {
            return;
        }
    }
    switch (codec->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
        fail(codec);
    }
}

static void stay_silent(j_common_ptr codec) { (void)codec; }

static void limit_scans(j_common_ptr codec) {
    if (codec->is_decompressor && ((j_decompress_ptr)codec)->input_scan_number > LARGEST_SCAN_COUNT) {
        wb_failure *failure = (wb_failure *)codec->err;
        snprintf(failure->error->message, sizeof failure->error->message, "it has more than %d progressive scans",
                 LARGEST_SCAN_COUNT);
        failure->status = WB_JPEG_DAMAGED;
        longjmp(failure->failure, 1);
    }
}

static struct jpeg_error_mgr *install(wb_failure *failure, wb_jpeg_error *error) {
    struct jpeg_error_mgr *manager = jpeg_std_error(&failure->manager);
    manager->error_exit = fail;
    manager->emit_message = emit;
    manager->output_message = stay_silent;
    failure->status = WB_JPEG_OK;
    failure->error = error;
    failure->lost_rows = NULL;
    failure->has_run_out = 0;
    error->message[0] = '\0';
    return manager;
}

int32_t wb_jpeg_read_size(const uint8_t *bytes, size_t count, wb_jpeg_size *size, wb_jpeg_error *error) {
    struct jpeg_decompress_struct codec;
    wb_failure failure;
    memset(&codec, 0, sizeof codec);
    codec.err = install(&failure, error);
    if (setjmp(failure.failure)) {
        jpeg_destroy_decompress(&codec);
        return failure.status;
    }
    jpeg_create_decompress(&codec);
    jpeg_mem_src(&codec, bytes, count);
    jpeg_read_header(&codec, TRUE);
    size->width = (int32_t)codec.image_width;
    size->height = (int32_t)codec.image_height;
    jpeg_destroy_decompress(&codec);
    return WB_JPEG_OK;
}

static inline uint8_t product_of_shares(unsigned a, unsigned b) {
    unsigned product = a * b + 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

// Four channels in Adobe's inverted convention, which every CMYK JPEG follows in practice.
static void convert_cmyk_row(const uint8_t *row, uint8_t *pixels, size_t width) {
    for (size_t x = 0; x < width; ++x, row += 4, pixels += 3) {
        unsigned key = row[3];
        pixels[0] = (uint8_t)(key - product_of_shares(255u - row[0], key));
        pixels[1] = (uint8_t)(key - product_of_shares(255u - row[1], key));
        pixels[2] = (uint8_t)(key - product_of_shares(255u - row[2], key));
    }
}

static int32_t decode(const uint8_t *bytes, size_t count, int32_t eighths, uint8_t *pixels, size_t capacity,
                      int32_t *lost_rows, wb_jpeg_error *error) {
    struct jpeg_decompress_struct codec;
    struct jpeg_progress_mgr progress;
    wb_failure failure;
    memset(&codec, 0, sizeof codec);
    memset(&progress, 0, sizeof progress);
    codec.err = install(&failure, error);
    failure.lost_rows = lost_rows;
    if (setjmp(failure.failure)) {
        jpeg_destroy_decompress(&codec);
        return failure.has_run_out ? WB_JPEG_TRUNCATED : failure.status;
    }
    jpeg_create_decompress(&codec);
    progress.progress_monitor = limit_scans;
    codec.progress = &progress;
    jpeg_mem_src(&codec, bytes, count);
    jpeg_read_header(&codec, TRUE);
    int has_four_channels = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
    codec.out_color_space = has_four_channels ? JCS_CMYK : JCS_RGB;
    codec.scale_num = (unsigned)eighths;
    codec.scale_denom = 8;
    jpeg_start_decompress(&codec);

    size_t width = codec.output_width;
    size_t stride = width * 3;
    if (stride * codec.output_height > capacity) {
        snprintf(error->message, sizeof error->message, "the picture's size changed while reading");
        jpeg_destroy_decompress(&codec);
        return WB_JPEG_DAMAGED;
    }
    // The codec's pool owns the row and frees it with the codec, also after a jump.
    JSAMPARRAY four_channel_row =
        has_four_channels
            ? (*codec.mem->alloc_sarray)((j_common_ptr)&codec, JPOOL_IMAGE, (JDIMENSION)(width * 4), 1)
            : NULL;
    while (codec.output_scanline < codec.output_height) {
        JSAMPROW row = pixels + stride * codec.output_scanline;
        if (four_channel_row != NULL) {
            if (jpeg_read_scanlines(&codec, four_channel_row, 1) == 1) {
                convert_cmyk_row(four_channel_row[0], row, width);
            }
        } else {
            jpeg_read_scanlines(&codec, &row, 1);
        }
    }
    jpeg_finish_decompress(&codec);
    jpeg_destroy_decompress(&codec);
    return WB_JPEG_OK;
}

int32_t wb_jpeg_decode(const uint8_t *bytes, size_t count, int32_t eighths, uint8_t *pixels, size_t capacity,
                       wb_jpeg_error *error) {
    return decode(bytes, count, eighths, pixels, capacity, NULL, error);
}

int32_t wb_jpeg_salvage(const uint8_t *bytes, size_t count, int32_t eighths, uint8_t *pixels, size_t capacity,
                        int32_t *lost_rows, wb_jpeg_error *error) {
    *lost_rows = 0;
    return decode(bytes, count, eighths, pixels, capacity, lost_rows, error);
}

// `buffer` and `length` belong to the caller's frame, so their values are valid after a jump.
static int32_t encode(const uint8_t *pixels, wb_jpeg_size size, int32_t quality, int32_t is_hasty,
                      unsigned char **buffer, unsigned long *length, wb_jpeg_error *error) {
    struct jpeg_compress_struct codec;
    wb_failure failure;
    memset(&codec, 0, sizeof codec);
    codec.err = install(&failure, error);
    if (setjmp(failure.failure)) {
        jpeg_destroy_compress(&codec);
        return failure.status;
    }
    jpeg_create_compress(&codec);
    jpeg_mem_dest(&codec, buffer, length);
    codec.image_width = (JDIMENSION)size.width;
    codec.image_height = (JDIMENSION)size.height;
    codec.input_components = 3;
    codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, quality, TRUE);
    codec.optimize_coding = !is_hasty;
    if (quality >= 90) {
        codec.comp_info[0].h_samp_factor = 1;
        codec.comp_info[0].v_samp_factor = 1;
    }
    jpeg_start_compress(&codec, TRUE);
    size_t stride = (size_t)size.width * 3;
    while (codec.next_scanline < codec.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + stride * codec.next_scanline);
        jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    jpeg_destroy_compress(&codec);
    return WB_JPEG_OK;
}

int32_t wb_jpeg_encode(const uint8_t *pixels, wb_jpeg_size size, int32_t quality, int32_t is_hasty, uint8_t **bytes,
                       size_t *count, wb_jpeg_error *error) {
    unsigned char *buffer = NULL;
    unsigned long length = 0;
    int32_t status = encode(pixels, size, quality, is_hasty, &buffer, &length, error);
    if (status != WB_JPEG_OK) {
        free(buffer);
        return status;
    }
    *bytes = buffer;
    *count = length;
    return WB_JPEG_OK;
}

void wb_jpeg_free(uint8_t *bytes) { free(bytes); }
