// Gradients and optimisers.
#include <cmath>
#include <vector>

#include "guarded.hpp"

int32_t wb_tensor_require_gradient(wb_tensor *self, int32_t required, wb_error *error) {
    return guarded(error, [&] { self->value.set_requires_grad(required != 0); });
}

int32_t wb_tensor_detach(const wb_tensor *self, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return self->value.detach(); });
}

int32_t wb_tensor_backward(const wb_tensor *self, wb_error *error) {
    return guarded(error, [&] { torch::autograd::backward({self->value}, {}); });
}

int32_t wb_tensor_gradient(const wb_tensor *self, wb_out out, wb_error *error) {
    return guarded(error, [&] {
        const auto &gradient = self->value.grad();
        *out = gradient.defined() ? new wb_tensor(gradient) : nullptr;
    });
}

int32_t wb_tensor_clear_gradient(wb_tensor *self, wb_error *error) {
    return guarded(error, [&] { self->value.mutable_grad().reset(); });
}

int32_t wb_tensor_derivative(const wb_tensor *self, const wb_tensor *input, wb_out out, wb_error *error) {
    return produced(out, error, [&] { return torch::autograd::grad({self->value}, {input->value})[0]; });
}

int32_t wb_clip_gradients(wb_tensor *const *parameters, size_t count, double divisor, double limit, double *norm,
    wb_error *error) {
    return guarded(error, [&] {
        std::vector<at::Tensor> gradients, norms;
        for (size_t index = 0; index < count; ++index) {
            const auto &gradient = parameters[index]->value.grad();
            if (!gradient.defined()) continue;
            gradients.push_back(gradient.detach());
            norms.push_back(gradients.back().norm());
        }
        *norm = norms.empty() ? 0 : at::stack(norms).norm().item<double>() / divisor;
        const double share = limit <= 0 || *norm <= limit ? 1 : limit / (*norm + 1e-6);
        if (gradients.empty() || (share == 1 && divisor == 1)) return;
        at::_foreach_mul_(gradients, share / divisor);
    });
}

namespace {

/// The numbers of one step of Adam.
struct adam {
    double rate, beta1, beta2, epsilon, decay, bias1, bias2;
    bool is_decoupled;

    void step(at::TensorList parameters, at::TensorList gradients, at::TensorList means, at::TensorList squares) const {
        std::vector<at::Tensor> decayed;
        if (decay != 0 && is_decoupled) at::_foreach_mul_(parameters, 1 - rate * decay);
        if (decay != 0 && !is_decoupled) {
            decayed = at::_foreach_add(gradients, parameters, decay);
            gradients = decayed;
        }
        at::_foreach_mul_(means, beta1);
        at::_foreach_add_(means, gradients, 1 - beta1);
        at::_foreach_mul_(squares, beta2);
        at::_foreach_addcmul_(squares, gradients, gradients, 1 - beta2);
        const auto denominators = at::_foreach_sqrt(squares);
        at::_foreach_div_(denominators, std::sqrt(bias2));
        at::_foreach_add_(denominators, epsilon);
        at::_foreach_addcdiv_(parameters, means, denominators, -rate / bias1);
    }
};

}  // namespace

int32_t wb_adam_step(wb_tensor *const *parameters, wb_tensor *const *first, wb_tensor *const *second, size_t count,
    int64_t step, double rate, double beta1, double beta2, double epsilon, double decay, int32_t decoupled,
    wb_error *error) {
    return guarded(error, [&] {
        const adam rule = {rate, beta1, beta2, epsilon, decay, 1 - std::pow(beta1, static_cast<double>(step)),
                           1 - std::pow(beta2, static_cast<double>(step)), decoupled != 0};
        std::vector<at::Tensor> values, gradients, means, squares;
        for (size_t index = 0; index < count; ++index) {
            if (!parameters[index]->value.grad().defined()) continue;
            values.push_back(parameters[index]->value.detach());
            gradients.push_back(parameters[index]->value.grad().detach());
            means.push_back(first[index]->value);
            squares.push_back(second[index]->value);
        }
        // A card takes all at once, since a call costs more than its arithmetic; a CPU keeps one tensor in its cache.
        const size_t all = values.size(), share = all > 0 && values[0].is_cuda() ? all : 1;
        for (size_t start = 0; start < all; start += share) {
            const auto part = [&](const std::vector<at::Tensor> &list) {
                return at::TensorList(list).slice(start, share);
            };
            rule.step(part(values), part(gradients), part(means), part(squares));
        }
    });
}

int32_t wb_approach(wb_tensor *const *averages, wb_tensor *const *sources, size_t count, double share,
    wb_error *error) {
    return guarded(error, [&] {
        for (size_t index = 0; index < count; ++index)
            averages[index]->value.lerp_(sources[index]->value.detach(), share);
    });
}

int32_t wb_sgd_step(wb_tensor *const *parameters, wb_tensor *const *velocity, size_t count, double rate,
    double momentum, double decay, wb_error *error) {
    return guarded(error, [&] {
        for (size_t index = 0; index < count; ++index) {
            if (!parameters[index]->value.grad().defined()) continue;
            auto parameter = parameters[index]->value.detach();
            auto gradient = parameters[index]->value.grad().detach();
            if (decay != 0) gradient = gradient.add(parameter, decay);
            auto &speed = velocity[index]->value;
            speed.mul_(momentum).add_(gradient);
            parameter.add_(speed, -rate);
        }
    });
}
