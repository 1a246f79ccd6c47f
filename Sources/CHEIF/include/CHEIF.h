// libheif's decoder, loaded when the first HEIC file is read: its coders would cost every command a third of its start.
#ifndef CHEIF_H
#define CHEIF_H

#include <libheif/heif.h>

#define WB_HEIF_FUNCTIONS(FUNCTION) \
    FUNCTION(context_alloc) \
    FUNCTION(context_free) \
    FUNCTION(context_get_primary_image_handle) \
    FUNCTION(context_read_from_memory_without_copy) \
    FUNCTION(context_set_max_decoding_threads) \
    FUNCTION(context_set_maximum_image_size_limit) \
    FUNCTION(decode_image) \
    FUNCTION(decoding_options_alloc) \
    FUNCTION(decoding_options_free) \
    FUNCTION(image_get_height) \
    FUNCTION(image_get_plane_readonly) \
    FUNCTION(image_get_width) \
    FUNCTION(image_handle_get_height) \
    FUNCTION(image_handle_get_ispe_height) \
    FUNCTION(image_handle_get_ispe_width) \
    FUNCTION(image_handle_get_list_of_metadata_block_IDs) \
    FUNCTION(image_handle_get_metadata) \
    FUNCTION(image_handle_get_metadata_size) \
    FUNCTION(image_handle_get_width) \
    FUNCTION(image_handle_has_alpha_channel) \
    FUNCTION(image_handle_is_premultiplied_alpha) \
    FUNCTION(image_handle_release) \
    FUNCTION(image_release)

// Each function under its name without `heif_`.
#define WB_HEIF_MEMBER(name) __typeof__(heif_##name) *_Nonnull name;
typedef struct {
    WB_HEIF_FUNCTIONS(WB_HEIF_MEMBER)
} wb_heif;
#undef WB_HEIF_MEMBER

// Loads the library and fills in its functions. Returns NULL, or why it cannot be loaded, which the next call overwrites.
const char *_Nullable wb_heif_load(wb_heif *_Nonnull heif);

#endif
