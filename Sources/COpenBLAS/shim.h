// OpenBLAS through its C interface; only cblas_* is called.
#include <cblas.h>
