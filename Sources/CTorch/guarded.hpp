// Shared by all sources of the shim: the handle, and the one place where C++ exceptions end.
#ifndef CTORCH_GUARDED_HPP
#define CTORCH_GUARDED_HPP

#include <atomic>
#include <cstdio>
#include <exception>

#include "compatibility.hpp"
#include "ctorch.h"

using wb_out = wb_tensor **;

extern std::atomic<int64_t> wb_live_tensor_count;

struct wb_tensor {
    at::Tensor value;

    explicit wb_tensor(at::Tensor tensor) : value(std::move(tensor)) { ++wb_live_tensor_count; }
    wb_tensor(const wb_tensor &) = delete;
    ~wb_tensor() { --wb_live_tensor_count; }
};

inline int32_t failed(wb_error *error, const char *message) {
    std::snprintf(error->message, sizeof error->message, "%s", message);
    return 1;
}

template <typename Body>
int32_t guarded(wb_error *error, Body body) {
    try {
        body();
        return 0;
    } catch (const c10::Error &problem) {
        return failed(error, problem.what_without_backtrace());
    } catch (const std::exception &problem) {
        return failed(error, problem.what());
    } catch (...) {
        return failed(error, "an unknown exception");
    }
}

/// Runs `body` and returns the tensor it makes by `out`.
template <typename Body>
int32_t produced(wb_out out, wb_error *error, Body body) {
    return guarded(error, [&] { *out = new wb_tensor(body()); });
}

inline at::ScalarType scalar_type(wb_scalar_type type) {
    switch (type) {
    case WB_FLOAT64: return at::kDouble;
    case WB_FLOAT16: return at::kHalf;
    case WB_BFLOAT16: return at::kBFloat16;
    case WB_INT64: return at::kLong;
    case WB_FLOAT32: break;
    }
    return at::kFloat;
}

/// Passes shapes-only tensors through operations that libtorch lacks for them in C++ (Python has them) and whose result
/// has the input's shape.
template <typename Body>
at::Tensor kept_shape(const at::Tensor &x, Body body) {
    return x.is_meta() ? at::empty_like(x) : body();
}

inline at::Device device(int32_t number) {
    if (number == WB_CPU) return at::Device(at::kCPU);
    if (number == WB_SHAPES_ONLY) return at::Device(at::kMeta);
    return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(number));
}

#endif
