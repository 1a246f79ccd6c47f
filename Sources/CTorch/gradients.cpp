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
        if (share == 1 && divisor == 1) return;
        for (auto &gradient : gradients) gradient.mul_(share / divisor);
    });
}

int32_t wb_adam_step(wb_tensor *const *parameters, wb_tensor *const *first, wb_tensor *const *second, size_t count,
    int64_t step, double rate, double beta1, double beta2, double epsilon, double decay, int32_t decoupled,
    wb_error *error) {
    return guarded(error, [&] {
        const double bias1 = 1 - std::pow(beta1, static_cast<double>(step));
        const double bias2 = 1 - std::pow(beta2, static_cast<double>(step));
        for (size_t index = 0; index < count; ++index) {
            if (!parameters[index]->value.grad().defined()) continue;
            auto parameter = parameters[index]->value.detach();
            auto gradient = parameters[index]->value.grad().detach();
            auto &mean = first[index]->value, &square = second[index]->value;
            if (decay != 0) {
                if (decoupled != 0) parameter.mul_(1 - rate * decay);
                else gradient = gradient.add(parameter, decay);
            }
            mean.mul_(beta1).add_(gradient, 1 - beta1);
            square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            auto denominator = square.sqrt().div_(std::sqrt(bias2)).add_(epsilon);
            parameter.addcdiv_(mean, denominator, -rate / bias1);
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
