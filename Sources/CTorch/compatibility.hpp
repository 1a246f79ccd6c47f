// Only this file and groups.hpp include headers of libtorch; this one handles the differences between its versions (1.13
// and 2.x).
#ifndef CTORCH_COMPATIBILITY_HPP
#define CTORCH_COMPATIBILITY_HPP

#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/csrc/autograd/variable.h>

// oneDNN's operations with more work in the same pass. libtorch has them from 2.0 on, outside its C++ interface, for
// float32 and bfloat16 on a CPU if no gradients are recorded; otherwise these functions return nothing.

inline c10::optional<c10::OperatorHandle> unlisted(const char *name, const char *overload = "") {
    return c10::Dispatcher::singleton().findSchema({name, overload});
}

inline bool fits_one_pass(const at::Tensor &x, const at::Tensor &weight, const c10::optional<at::Tensor> &bias) {
    const bool is_recorded = x.requires_grad() || weight.requires_grad() || (bias && bias->requires_grad());
    const bool is_served = x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16;
    return x.is_cpu() && is_served && !is_recorded;
}

template <typename... Arguments>
at::Tensor called(const c10::OperatorHandle &operation, Arguments &&...arguments) {
    torch::jit::Stack stack;
    torch::jit::push(stack, std::forward<Arguments>(arguments)...);
    operation.callBoxed(&stack);
    return torch::jit::pop(stack).toTensor();
}

/// Repeatable algorithms fill all new memory with NaN, which helps to find mistakes; from libtorch 2.2 on this can be
/// turned off.
inline void leave_unset_memory(at::Context &context) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 2)
    context.setDeterministicFillUninitializedMemory(false);
#else
    (void)context;
#endif
}

inline bool is_half(const at::Tensor &x) { return x.scalar_type() == at::kBFloat16 || x.scalar_type() == at::kHalf; }

/// `operation` of x, or of x as float32 if x is half precision on a CPU and libtorch is 1.13, which lacks the
/// operation.
template <typename Operation>
at::Tensor widened_before_2(const at::Tensor &x, Operation operation) {
    if (TORCH_VERSION_MAJOR < 2 && x.is_cpu() && is_half(x)) return operation(x.to(at::kFloat)).to(x.scalar_type());
    return operation(x);
}

/// The activation after a layer, by libtorch's name.
struct pointwise {
    const char *name;
    std::vector<double> limits;

    c10::List<c10::optional<at::Scalar>> scalars() const {
        c10::List<c10::optional<at::Scalar>> result;
        for (const double limit : limits) result.push_back(at::Scalar(limit));
        return result;
    }
};

/// A convolution and its activation.
inline c10::optional<at::Tensor> convolved_in_one_pass(const at::Tensor &x, const at::Tensor &weight,
    const c10::optional<at::Tensor> &bias, at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
    int64_t groups, const pointwise &then) {
    static const auto operation = unlisted("mkldnn::_convolution_pointwise");
    if (!operation || !fits_one_pass(x, weight, bias)) return c10::nullopt;
    return called(*operation, x, weight, bias, padding, stride, dilation, groups, std::string(then.name),
                  then.scalars(), std::string("none"));
}

/// A linear layer and its activation.
inline c10::optional<at::Tensor> multiplied_in_one_pass(const at::Tensor &x, const at::Tensor &weight,
    const c10::optional<at::Tensor> &bias, const pointwise &then) {
    static const auto operation = unlisted("mkldnn::_linear_pointwise");
    if (!operation || !fits_one_pass(x, weight, bias)) return c10::nullopt;
    return called(*operation, x, weight, bias, std::string(then.name), then.scalars(), std::string("none"));
}

/// A linear layer and the addition of another tensor of the same shape.
inline c10::optional<at::Tensor> multiplied_and_added_in_one_pass(const at::Tensor &x, const at::Tensor &weight,
    const c10::optional<at::Tensor> &bias, const at::Tensor &addend) {
    static const auto operation = unlisted("mkldnn::_linear_pointwise", "binary");
    const bool fits = fits_one_pass(x, weight, bias) && !addend.requires_grad();
    if (!operation || !fits || addend.scalar_type() != x.scalar_type()) return c10::nullopt;
    return called(*operation, x, addend.contiguous(), weight, bias, std::string("add"));
}

/// A linear layer's weight in the order in which oneDNN reads it, for about `rows` inputs at a time; only the passes
/// above take it.
inline c10::optional<at::Tensor> packed_for_products(const at::Tensor &weight, int64_t rows) {
    static const auto operation = unlisted("mkldnn::_reorder_linear_weight");
    if (!operation || !fits_one_pass(weight, weight, c10::nullopt)) return c10::nullopt;
    return called(*operation, weight, c10::optional<int64_t>(rows));
}

/// softmax(q kᵀ / √width) v of `[N, heads, tokens, width]` without storing the weights, which libtorch has from 2.0 on;
/// nothing if it would not repeat: the gradients on a card depend on the order of its threads.
inline c10::optional<at::Tensor> attended_in_one_pass(const at::Tensor &query, const at::Tensor &key,
    const at::Tensor &value) {
#if TORCH_VERSION_MAJOR >= 2
    if (query.is_cpu() || !query.requires_grad()) return at::scaled_dot_product_attention(query, key, value);
#else
    (void)query, (void)key, (void)value;
#endif
    return c10::nullopt;
}

#endif
