/// OpenBLAS, loaded when it is first needed and not with the program.
///
/// At load it takes 128 MiB of memory for each thread, and where it gets none it tries again without end. So commands
/// that multiply no matrices do not load it, and it is loaded only where there is room. Only functions of its C
/// interface are called: libtorch may bring Fortran symbols such as sgemm_ of its own.
#ifndef COPENBLAS_H
#define COPENBLAS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    char message[512];
} wb_blas_error;

/// Loads the library for as many threads as there is room for, `threads` at most. To be called once, before all functions
/// below but wb_blas_buffers.
///
/// `kernels` is OpenBLAS's name for those to take, such as "Haswell". NULL, OPENBLAS_CORETYPE in the environment, or a
/// library that is loaded already leave the choice to OpenBLAS. Returns 0, or -1 with `*error` filled.
int32_t wb_blas_load(const char *_Nullable kernels, int32_t threads, wb_blas_error *_Nonnull error);

/// How many more of the buffers there is room for that a thread needs to multiply, up to `wanted`.
int32_t wb_blas_buffers(int32_t wanted);

/// Sets `products` (queries x rows) to queries (queries x columns) times the transpose of database (rows x columns); all
/// are stored row by row.
void wb_blas_products(int32_t queries, int32_t rows, int32_t columns, const float *_Nonnull query,
                      const float *_Nonnull row, float *_Nonnull products);

/// Threads of one product.
int32_t wb_blas_threads(void);
void wb_blas_set_threads(int32_t count);

/// The name of the kernels, such as "SkylakeX"; it belongs to the library.
const char *_Nonnull wb_blas_kernels(void);

#endif
