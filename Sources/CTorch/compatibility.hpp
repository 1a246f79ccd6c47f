// Every header of libtorch that the shim includes, and whatever differs between its versions (1.13 and 2.x), is here
// and nowhere else.
#ifndef CTORCH_COMPATIBILITY_HPP
#define CTORCH_COMPATIBILITY_HPP

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/csrc/autograd/variable.h>

#endif
