// Every header of libtorch that the shim includes, and whatever differs between its versions (1.13 and 2.x), is here
// and nowhere else.
#ifndef CTORCH_COMPATIBILITY_HPP
#define CTORCH_COMPATIBILITY_HPP

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

/// oneDNN's convolution with a nonlinearity in the same pass, `name` and `limits` being libtorch's for it. libtorch has
/// it from 2.0 on, outside its C++ interface and for a CPU; nothing where it does not, or where gradients are recorded.
inline c10::optional<at::Tensor> convolved_in_one_pass(const at::Tensor &x, const at::Tensor &weight,
    const c10::optional<at::Tensor> &bias, at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
    int64_t groups, const char *name, std::initializer_list<double> limits) {
    static const auto operation = c10::Dispatcher::singleton().findSchema({"mkldnn::_convolution_pointwise", ""});
    const bool is_recorded = x.requires_grad() || weight.requires_grad() || (bias && bias->requires_grad());
    const bool is_served = x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16;
    if (!operation || !x.is_cpu() || !is_served || is_recorded) return c10::nullopt;
    c10::List<c10::optional<at::Scalar>> scalars;
    for (const double limit : limits) scalars.push_back(at::Scalar(limit));
    torch::jit::Stack stack;
    torch::jit::push(stack, x, weight, bias, padding, stride, dilation, groups, std::string(name), std::move(scalars),
                     c10::IValue());
    operation->callBoxed(&stack);
    return torch::jit::pop(stack).toTensor();
}

inline bool is_half(const at::Tensor &x) { return x.scalar_type() == at::kBFloat16 || x.scalar_type() == at::kHalf; }

/// `operation` of x; of x as float32 where x is half precision that libtorch 1.13 cannot do on a CPU.
template <typename Operation>
at::Tensor widened_before_2(const at::Tensor &x, Operation operation) {
    if (TORCH_VERSION_MAJOR < 2 && x.is_cpu() && is_half(x)) return operation(x.to(at::kFloat)).to(x.scalar_type());
    return operation(x);
}

#endif
