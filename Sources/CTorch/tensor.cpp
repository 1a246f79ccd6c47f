// Library, lifetime, contents and shape.
#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "guarded.hpp"

std::atomic<int64_t> wb_live_tensor_count{0};

const char *wb_torch_version(void) { return TORCH_VERSION; }

const char *wb_cpu_capability(void) {
    static const std::string capability = [] {
        const std::string key = "CPU capability usage: ", report = at::show_config();
        const auto start = report.find(key);
        if (start == std::string::npos) return std::string("unknown");
        const auto end = report.find_first_of(" \n", start + key.size());
        return report.substr(start + key.size(), end - start - key.size());
    }();
    return capability.c_str();
}

void wb_set_threads(int32_t count) { at::set_num_threads(count); }

int32_t wb_threads(void) { return at::get_num_threads(); }

void wb_keep_freed_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT32_MAX);
    // Other threads would have arenas of their own, too small for a map, which would then be mapped again each step.
    mallopt(M_ARENA_MAX, 1);
}

int32_t wb_cuda_device_count(void) {
    try {
        return at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
    } catch (...) {
        return 0;
    }
}

void wb_make_cuda_repeatable(void) {
    auto &context = at::globalContext();
    // Without it cuBLAS may share its workspace between streams, and results then do not repeat.
    setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
    context.setDeterministicCuDNN(true);
    context.setBenchmarkCuDNN(false);
    context.setAllowTF32CuDNN(false);
    context.setAllowTF32CuBLAS(false);
    // Operations without such an algorithm warn and continue.
    context.setDeterministicAlgorithms(true, true);
    leave_unset_memory(context);
}

int64_t wb_live_tensors(void) { return wb_live_tensor_count; }

int32_t wb_tensor_create(const void *data, wb_scalar_type type, const int64_t *shape, size_t rank,
    int32_t number, wb_out out, wb_error *error) {
    return produced(out, error, [&] {
        auto borrowed =
            at::from_blob(const_cast<void *>(data), at::IntArrayRef(shape, rank), at::TensorOptions(scalar_type(type)));
        return borrowed.to(device(number), scalar_type(type), false, true);
    });
}

int32_t wb_tensor_full(double value, wb_scalar_type type, const int64_t *shape, size_t rank, int32_t number,
    wb_out out, wb_error *error) {
    return produced(out, error, [&] {
        auto options = at::TensorOptions(scalar_type(type)).device(device(number));
        return at::full(at::IntArrayRef(shape, rank), value, options);
    });
}

void wb_tensor_free(wb_tensor *tensor) { delete tensor; }

size_t wb_tensor_rank(const wb_tensor *tensor) { return static_cast<size_t>(tensor->value.dim()); }

int64_t wb_tensor_size(const wb_tensor *tensor, size_t dimension) {
    return tensor->value.size(static_cast<int64_t>(dimension));
}

wb_scalar_type wb_tensor_type(const wb_tensor *tensor) {
    switch (tensor->value.scalar_type()) {
    case at::kDouble: return WB_FLOAT64;
    case at::kHalf: return WB_FLOAT16;
    case at::kBFloat16: return WB_BFLOAT16;
    case at::kLong: return WB_INT64;
    default: return WB_FLOAT32;
    }
}

int32_t wb_tensor_device(const wb_tensor *tensor) {
    if (tensor->value.is_cuda()) return static_cast<int32_t>(tensor->value.get_device());
    return tensor->value.is_meta() ? WB_SHAPES_ONLY : WB_CPU;
}

int32_t wb_tensor_copy_out(const wb_tensor *self, wb_scalar_type type, void *data, size_t count, wb_error *error) {
    return guarded(error, [&] {
        TORCH_CHECK(static_cast<size_t>(self->value.numel()) == count, "the tensor has ", self->value.numel(),
                    " elements, not ", count);
        auto source = self->value.detach().to(at::kCPU, scalar_type(type)).contiguous();
        std::memcpy(data, source.data_ptr(), count * source.element_size());
    });
}

int32_t wb_tensor_cast(const wb_tensor *self, wb_scalar_type type, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return self->value.to(scalar_type(type)); });
}

int32_t wb_tensor_to_device(const wb_tensor *self, int32_t number, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return self->value.to(device(number)); });
}

int32_t wb_tensor_assign(wb_tensor *self, const wb_tensor *source, wb_error *error) {
    return guarded(error, [&] {
        TORCH_CHECK(self->value.sizes() == source->value.sizes(), "shape ", self->value.sizes(), " cannot take ",
                    source->value.sizes());
        self->value.detach().copy_(source->value.detach());
    });
}

int32_t wb_tensor_reshape(const wb_tensor *self, const int64_t *shape, size_t rank, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return self->value.reshape(at::IntArrayRef(shape, rank)); });
}

int32_t wb_tensor_expand(const wb_tensor *self, const int64_t *shape, size_t rank, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return self->value.expand(at::IntArrayRef(shape, rank)); });
}

int32_t wb_tensor_permute(const wb_tensor *self, const int64_t *dims, size_t rank, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return self->value.permute(at::IntArrayRef(dims, rank)); });
}

int32_t wb_tensor_narrow(const wb_tensor *self, int64_t dimension, int64_t start, int64_t length, wb_out out,
    wb_error *error) {
    return produced(out, error, [&] { return self->value.narrow(dimension, start, length); });
}

int32_t wb_tensor_concatenate(const wb_tensor *const *tensors, size_t count, int64_t dimension, wb_out out,
    wb_error *error) {
    return produced(out, error, [&] {
        std::vector<at::Tensor> values;
        for (size_t index = 0; index < count; ++index) values.push_back(tensors[index]->value);
        return at::cat(values, dimension);
    });
}

int32_t wb_tensor_pad(const wb_tensor *self, const int64_t *padding, size_t count, double value, wb_out out,
    wb_error *error) {
    return produced(out, error,
                    [&] { return at::constant_pad_nd(self->value, at::IntArrayRef(padding, count), value); });
}

int32_t wb_tensor_resize(const wb_tensor *self, int64_t height, int64_t width, wb_out out, wb_error *error) {
    return produced(out, error, [&]() -> at::Tensor {
        const auto &x = self->value;
        TORCH_CHECK(x.dim() == 4, "maps have 4 dimensions, not ", x.dim());
        if (x.is_meta()) return at::empty({x.size(0), x.size(1), height, width}, x.options());
        return at::_upsample_bicubic2d_aa(x, {height, width}, false, c10::nullopt, c10::nullopt);
    });
}
