#include "copenblas.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static const char library_name[] = "libopenblas.so.0";

// OpenBLAS's BUFFER_SIZE.
static const size_t buffer_size = 128 << 20;

// Buffers that loading needs in addition to one for each thread: the library's own, and that of the first product.
enum { OTHER_BUFFERS = 2 };

// The values of cblas.h. int is its blasint: a build with 64-bit indices has another name.
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, TRANSPOSE = 112 };

static struct {
    void (*sgemm)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a,
                  int lda, const float *b, int ldb, float beta, float *c, int ldc);
    int (*get_num_threads)(void);
    void (*set_num_threads)(int);
    char *(*get_corename)(void);
} blas;

static int32_t find(void *library, const char *name, void **function, wb_blas_error *error) {
    *function = dlsym(library, name);
    if (*function == NULL) {
        snprintf(error->message, sizeof error->message, "%s", dlerror());
        return -1;
    }
    return 0;
}

// Sets a variable that is not set; returns whether it did.
static int offer(const char *name, const char *value) {
    return value != NULL && getenv(name) == NULL && setenv(name, value, 1) == 0;
}

// The library reads the variables while it is loaded. They are removed again, so that programs started later do not
// inherit them.
static void *open_library(const char *kernels, const char *threads) {
    int has_kernels = offer("OPENBLAS_CORETYPE", kernels);
    int has_threads = offer("OMP_NUM_THREADS", threads);
    void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (has_kernels) {
        unsetenv("OPENBLAS_CORETYPE");
    }
    if (has_threads) {
        unsetenv("OMP_NUM_THREADS");
    }
    return library;
}

int32_t wb_blas_load(const char *kernels, int32_t threads, wb_blas_error *error) {
    void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    if (library == NULL) {
        int32_t room = wb_blas_buffers(threads + OTHER_BUFFERS) - OTHER_BUFFERS;
        if (room < 1) {
            snprintf(error->message, sizeof error->message, "it needs %zu MiB of memory",
                     (1 + OTHER_BUFFERS) * buffer_size >> 20);
            return -1;
        }
        char count[16];
        snprintf(count, sizeof count, "%d", room);
        library = open_library(kernels, count);
    }
    if (library == NULL) {
        snprintf(error->message, sizeof error->message, "%s", dlerror());
        return -1;
    }
    if (find(library, "cblas_sgemm", (void **)&blas.sgemm, error) != 0 ||
        find(library, "openblas_get_num_threads", (void **)&blas.get_num_threads, error) != 0 ||
        find(library, "openblas_set_num_threads", (void **)&blas.set_num_threads, error) != 0 ||
        find(library, "openblas_get_corename", (void **)&blas.get_corename, error) != 0) {
        return -1;
    }
    return 0;
}

int32_t wb_blas_buffers(int32_t wanted) {
    void **found = wanted > 0 ? calloc((size_t)wanted, sizeof *found) : NULL;
    int32_t count = 0;
    while (found != NULL && count < wanted) {
        void *buffer = mmap(NULL, buffer_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (buffer == MAP_FAILED) {
            break;
        }
        found[count++] = buffer;
    }
    for (int32_t index = 0; index < count; ++index) {
        munmap(found[index], buffer_size);
    }
    free(found);
    return count;
}

void wb_blas_products(int32_t queries, int32_t rows, int32_t columns, const float *query, const float *row,
                      float *products) {
    blas.sgemm(ROW_MAJOR, NO_TRANSPOSE, TRANSPOSE, queries, rows, columns, 1, query, columns, row, columns, 0,
               products, rows);
}

int32_t wb_blas_threads(void) { return blas.get_num_threads(); }

void wb_blas_set_threads(int32_t count) { blas.set_num_threads(count); }

const char *wb_blas_kernels(void) { return blas.get_corename(); }
