/// OpenBLAS, loaded when it is first needed and not with the program.
///
/// While loading it allocates 128 MiB of memory for each thread, and retries forever if it gets none. So commands that
/// multiply no matrices do not load it, and it is loaded only if there is enough memory. Only functions of its C
/// interface are called, because libtorch can bring its own Fortran symbols such as sgemm_.
#ifndef COPENBLAS_H
#define COPENBLAS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    char message[512];
} wb_blas_error;

/// Loads the library for as many threads as memory allows, at most `threads`. Call it once, before all functions below
/// but wb_blas_buffers.
///
/// `kernels` is OpenBLAS's name of the kernels to use, such as "Haswell". OpenBLAS chooses them itself if `kernels` is
/// NULL, OPENBLAS_CORETYPE is set in the environment, or the library is loaded already. Returns 0, or -1 with `*error`
/// filled.
int32_t wb_blas_load(const char *_Nullable kernels, int32_t threads, wb_blas_error *_Nonnull error);

/// The number of buffers, one of which each thread needs to multiply, that still fit into memory; at most `wanted`.
int32_t wb_blas_buffers(int32_t wanted);

/// Sets `products` (queries x rows) to queries (queries x columns) times the transpose of database (rows x columns);
/// all are stored row by row.
void wb_blas_products(int32_t queries, int32_t rows, int32_t columns, const float *_Nonnull query,
                      const float *_Nonnull row, float *_Nonnull products);

/// The number of threads of one product.
int32_t wb_blas_threads(void);
void wb_blas_set_threads(int32_t count);

/// The name of the kernels, such as "SkylakeX"; it belongs to the library.
const char *_Nonnull wb_blas_kernels(void);

#endif
