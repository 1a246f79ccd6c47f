#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop, which is in the compiler's library: calls `examine` with one input after another, as the arguments
/// say. Returns the exit status.
int LLVMFuzzerRunDriver(int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
                        int (*_Nonnull examine)(const uint8_t *_Nullable start, size_t count));

#endif
