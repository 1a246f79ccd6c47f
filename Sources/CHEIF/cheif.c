#include "CHEIF.h"

#include <dlfcn.h>

const char *wb_heif_load(wb_heif *heif) {
    void *library = dlopen("libheif.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
#define WB_HEIF_FIND(name) \
    heif->name = (__typeof__(heif_##name) *)dlsym(library, "heif_" #name); \
    if (!heif->name) return dlerror();
    WB_HEIF_FUNCTIONS(WB_HEIF_FIND)
#undef WB_HEIF_FIND
    return 0;
}
