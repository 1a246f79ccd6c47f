// The settings of glibc's allocator, which the module Glibc leaves out.
#ifndef CMALLOC_H
#define CMALLOC_H

#include <malloc.h>

#endif
