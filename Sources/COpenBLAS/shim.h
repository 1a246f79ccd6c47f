// OpenBLAS through its C interface: cblas_sgemm, and the number of threads that it takes.
#include <cblas.h>
