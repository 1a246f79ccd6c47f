// Arithmetic and layers.
#include "guarded.hpp"

static at::Tensor clipped_at_6(const at::Tensor &x) {
    // 1.13 lacks only the backward pass.
    if (!x.requires_grad()) return at::hardtanh(x, 0, 6);
    return widened_before_2(x, [](const at::Tensor &wide) { return at::hardtanh(wide, 0, 6); });
}

int32_t wb_tensor_unary(const wb_tensor *self, wb_unary_kind kind, wb_out out, wb_error *error) {
    const auto &x = self->value;
    return produced(out, error, [&]() -> at::Tensor {
        switch (kind) {
        case WB_RELU: return at::relu(x);
        case WB_RELU6: return kept_shape(x, [&] { return clipped_at_6(x); });
        case WB_SILU: return at::silu(x);
        case WB_GELU: return at::gelu(x);
        case WB_SIGMOID: return at::sigmoid(x);
        case WB_EXP: return at::exp(x);
        case WB_LOG: return at::log(x);
        case WB_SQRT: return at::sqrt(x);
        case WB_NEGATIVE: return at::neg(x);
        case WB_SOFTPLUS: return at::softplus(x);
        case WB_LOG_SOFTMAX_LAST: return at::log_softmax(x, -1);
        case WB_CHANNELS_LAST: return x.contiguous(at::MemoryFormat::ChannelsLast);
        case WB_MIRROR_LAST: return at::flip(x, {-1});
        }
        TORCH_CHECK(false, "no such operation");
    });
}

int32_t wb_tensor_binary(const wb_tensor *self, const wb_tensor *other, wb_binary_kind kind, wb_out out,
    wb_error *error) {
    const auto &x = self->value, &y = other->value;
    return produced(out, error, [&]() -> at::Tensor {
        switch (kind) {
        case WB_ADD: return at::add(x, y);
        case WB_SUBTRACT: return at::sub(x, y);
        case WB_MULTIPLY: return at::mul(x, y);
        case WB_DIVIDE: return at::div(x, y);
        case WB_MATMUL: return at::matmul(x, y);
        case WB_GREATER: return at::gt(x, y);
        case WB_POWER: return at::pow(x, y);
        }
        TORCH_CHECK(false, "no such operation");
    });
}

int32_t wb_tensor_scalar(const wb_tensor *self, double value, wb_scalar_kind kind, wb_out out, wb_error *error) {
    const auto &x = self->value;
    return produced(out, error, [&]() -> at::Tensor {
        switch (kind) {
        case WB_ADD_SCALAR: return at::add(x, value);
        case WB_MULTIPLY_SCALAR: return at::mul(x, value);
        case WB_POWER_SCALAR: return at::pow(x, value);
        case WB_CLAMP_MIN: return at::clamp_min(x, value);
        case WB_CLAMP_MAX: return at::clamp_max(x, value);
        }
        TORCH_CHECK(false, "no such operation");
    });
}

int32_t wb_tensor_reduce(const wb_tensor *self, wb_reduction_kind kind, const int64_t *dims, size_t count,
    int32_t keep, wb_out out, wb_error *error) {
    const auto &x = self->value;
    at::IntArrayRef over(dims, count);
    return produced(out, error, [&]() -> at::Tensor {
        switch (kind) {
        case WB_SUM: return at::sum(x, over, keep != 0);
        case WB_MEAN: return at::mean(x, over, keep != 0);
        case WB_MAXIMUM: return at::amax(x, over, keep != 0);
        }
        TORCH_CHECK(false, "no such operation");
    });
}

int32_t wb_tensor_where(const wb_tensor *condition, const wb_tensor *self, const wb_tensor *other, wb_out out,
    wb_error *error) {
    return produced(out, error, [&] { return at::where(condition->value.to(at::kBool), self->value, other->value); });
}

int32_t wb_tensor_gather(const wb_tensor *self, int64_t dimension, const wb_tensor *index, wb_out out,
    wb_error *error) {
    return produced(out, error, [&] { return at::gather(self->value, dimension, index->value); });
}

int32_t wb_tensor_one_hot(const wb_tensor *self, int64_t classes, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return at::one_hot(self->value, classes); });
}

static c10::optional<at::Tensor> optional(const wb_tensor *tensor) {
    return tensor == nullptr ? c10::optional<at::Tensor>() : c10::optional<at::Tensor>(tensor->value);
}

static pointwise pointwise_of(wb_activation activation) {
    switch (activation) {
    case WB_LINEAR: return {"none", {}};
    case WB_THEN_RELU6: return {"hardtanh", {0, 6}};
    case WB_THEN_SILU: return {"swish", {}};
    case WB_THEN_GELU: return {"gelu", {}};
    }
    TORCH_CHECK(false, "no such activation");
}

/// Applies the activation in place to a layer's result, which no one else holds.
static at::Tensor activated(at::Tensor result, wb_activation activation) {
    switch (activation) {
    case WB_LINEAR: return result;
    case WB_THEN_RELU6: return at::hardtanh_(result, 0, 6);
    case WB_THEN_SILU: return at::silu_(result);
    case WB_THEN_GELU: return at::gelu_(result);
    }
    TORCH_CHECK(false, "no such activation");
}

static at::Tensor multiplied(const at::Tensor &x, const at::Tensor &matrix, const c10::optional<at::Tensor> &bias) {
    if (!x.is_cpu() || x.dim() < 3 || x.dim() > 4) return at::linear(x, matrix, bias);
    if (x.dim() == 3) return multiplied(x.unsqueeze(1), matrix, bias).squeeze(1);
    // On a CPU oneDNN's 1x1 convolution is the fastest product over the channels of a map, forward and backward: up to
    // twice as fast as the BLAS that 1.13 calls, and by a tenth or more than 2.13's.
    const auto kernel = matrix.reshape({matrix.size(0), matrix.size(1), 1, 1});
    return at::conv2d(x.permute({0, 3, 1, 2}), kernel, bias).permute({0, 2, 3, 1});
}

int32_t wb_tensor_linear(const wb_tensor *self, const wb_tensor *weight, const wb_tensor *bias, wb_out out,
    wb_error *error) {
    return produced(out, error, [&] { return multiplied(self->value, weight->value, optional(bias)); });
}

int32_t wb_tensor_pack_linear(const wb_tensor *weight, int64_t rows, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return packed_for_products(weight->value, rows).value_or(weight->value); });
}

int32_t wb_tensor_packed_linear(const wb_tensor *self, const wb_tensor *packed, const wb_tensor *bias,
    wb_activation activation, const wb_tensor *addend, wb_out out, wb_error *error) {
    return produced(out, error, [&]() -> at::Tensor {
        const auto &x = self->value, &matrix = packed->value;
        if (addend != nullptr && activation == WB_LINEAR)
            if (const auto sum = multiplied_and_added_in_one_pass(x, matrix, optional(bias), addend->value))
                return *sum;
        auto result = multiplied_in_one_pass(x, matrix, optional(bias), pointwise_of(activation));
        if (!result) result = activated(multiplied(x, matrix, optional(bias)), activation);
        if (addend == nullptr) return *result;
        // In place if that rounds nothing.
        const bool is_alike = addend->value.scalar_type() == result->scalar_type();
        return is_alike ? result->add_(addend->value) : *result + addend->value;
    });
}

/// The result of a convolution of shapes-only tensors, which libtorch lacks in C++.
static at::Tensor convolved_shape(const at::Tensor &x, const at::Tensor &weight, const int64_t stride[2],
    const int64_t padding[2], const int64_t dilation[2]) {
    int64_t sides[2];
    for (int axis = 0; axis < 2; ++axis) {
        const auto covered = dilation[axis] * (weight.size(2 + axis) - 1) + 1;
        sides[axis] = (x.size(2 + axis) + 2 * padding[axis] - covered) / stride[axis] + 1;
    }
    return at::empty({x.size(0), weight.size(0), sides[0], sides[1]}, x.options());
}

int32_t wb_tensor_conv2d(const wb_tensor *self, const wb_tensor *weight, const wb_tensor *bias,
    const int64_t stride[2], const int64_t padding[2], const int64_t dilation[2], int64_t groups,
    wb_activation activation, wb_out out, wb_error *error) {
    return produced(out, error, [&]() -> at::Tensor {
        const auto &x = self->value, &w = weight->value;
        if (x.is_meta()) return convolved_shape(x, w, stride, padding, dilation);
        const at::IntArrayRef strides(stride, 2), paddings(padding, 2), dilations(dilation, 2);
        if (activation != WB_LINEAR)
            if (const auto map = convolved_in_one_pass(x, w, optional(bias), strides, paddings, dilations, groups,
                                                       pointwise_of(activation)))
                return *map;
        return activated(at::conv2d(x, w, optional(bias), strides, paddings, dilations, groups), activation);
    });
}

int32_t wb_tensor_batch_norm(const wb_tensor *self, const wb_tensor *weight, const wb_tensor *bias,
    wb_tensor *running_mean, wb_tensor *running_variance, int32_t training, double momentum, double epsilon,
    wb_out out, wb_error *error) {
    return produced(out, error, [&] {
        return kept_shape(self->value, [&] {
            return at::batch_norm(self->value, optional(weight), optional(bias), running_mean->value,
                                  running_variance->value, training != 0, momentum, epsilon, true);
        });
    });
}

int32_t wb_tensor_layer_norm(const wb_tensor *self, const wb_tensor *weight, const wb_tensor *bias, double epsilon,
    wb_out out, wb_error *error) {
    return produced(out, error, [&] {
        const auto &x = self->value;
        return kept_shape(x, [&] {
            const auto normalised = [&](const at::Tensor &wide) {
                return at::layer_norm(wide, {wide.size(-1)}, optional(weight), optional(bias), epsilon);
            };
            // libtorch 2 adds up the gradients of half precision in half precision; a card needs weights of x's type.
            const bool is_recorded = at::GradMode::is_enabled() && (x.requires_grad() || weight->value.requires_grad());
            if (is_half(x) && (is_recorded || !x.is_cpu())) return normalised(x.to(at::kFloat)).to(x.scalar_type());
            return widened_before_2(x, normalised);
        });
    });
}
