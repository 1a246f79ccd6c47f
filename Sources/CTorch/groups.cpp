// Stores and process groups: how processes of one job find one another and add up their numbers.
#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "groups.hpp"

namespace {

std::chrono::milliseconds milliseconds(double seconds) {
    return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

/// Calls `body` on a thread of its own and waits at most `seconds`. libtorch waits forever for a machine that was cut
/// off, and version 1.13 for a server that speaks another version's protocol. Then the thread is left behind, so `body`
/// holds everything that it uses; the program ends next.
template <typename Body>
auto within(double seconds, Body body) {
    auto task = std::make_shared<std::packaged_task<decltype(body())()>>(body);
    auto result = task->get_future();
    std::thread([task] { (*task)(); }).detach();
    TORCH_CHECK(result.wait_for(milliseconds(seconds)) == std::future_status::ready, "no response within ", seconds,
                " s");
    return result.get();
}

/// Calls `body` with the store, and waits at most as long as the store's operations may take.
template <typename Body>
auto asked(const wb_store *self, Body body) {
    const auto store = self->value;
    const auto call = [store, body] { return body(*store); };
    return self->seconds > 0 ? within(self->seconds, call) : call();
}

/// Applies `operation` to the numbers of `tensors`, joined in buckets: one operation for many small tensors costs about
/// as much as for one.
template <typename Operation>
void in_buckets(const std::vector<at::Tensor> &tensors, Operation operation) {
    const size_t bucket_bytes = 25 << 20;
    size_t start = 0;
    while (start < tensors.size()) {
        std::vector<at::Tensor> parts;
        size_t end = start, bytes = 0;
        while (end < tensors.size() && bytes < bucket_bytes &&
               tensors[end].scalar_type() == tensors[start].scalar_type()) {
            parts.push_back(tensors[end].reshape({-1}));
            bytes += tensors[end].nbytes();
            ++end;
        }
        auto flat = at::cat(parts);
        operation(flat);
        int64_t place = 0;
        for (; start < end; ++start) {
            auto tensor = tensors[start];
            tensor.copy_(flat.narrow(0, place, tensor.numel()).view(tensor.sizes()));
            place += tensor.numel();
        }
    }
}

std::vector<at::Tensor> values(wb_tensor *const *tensors, size_t count) {
    std::vector<at::Tensor> result;
    for (size_t index = 0; index < count; ++index) result.push_back(tensors[index]->value.detach());
    return result;
}

}  // namespace

int32_t wb_store_file(const char *path, int32_t size, wb_store **out, wb_error *error) {
    return guarded(error, [&] { *out = new wb_store{c10::make_intrusive<c10d::FileStore>(path, size), 0}; });
}

int32_t wb_store_tcp(const char *host, uint16_t port, int32_t is_host, double seconds, wb_store **out,
    wb_error *error) {
    return guarded(error, [&] {
        c10d::TCPStoreOptions options;
        options.port = port;
        options.isServer = is_host != 0;
        options.waitWorkers = false;
        options.timeout = milliseconds(seconds);
        const std::string name = host;
        auto store = within(seconds, [name, options] {
            auto store = c10::make_intrusive<c10d::TCPStore>(name, options);
            // Only an answer shows that the server speaks the same protocol.
            store->add("joined", 1);
            return c10::intrusive_ptr<c10d::Store>(store);
        });
        *out = new wb_store{store, seconds};
    });
}

int32_t wb_store_part(const wb_store *self, const char *name, wb_store **out, wb_error *error) {
    return guarded(error, [&] {
        *out = new wb_store{c10::make_intrusive<c10d::PrefixStore>(name, self->value), self->seconds};
    });
}

void wb_store_free(wb_store *store) { delete store; }

void wb_end_on_lost_store(void (*report)(const char *message)) {
    static void (*reporter)(const char *) = nullptr;
    reporter = report;
    std::set_terminate([] {
        std::string message = "an unknown exception";
        try {
            if (const auto problem = std::current_exception()) std::rethrow_exception(problem);
        } catch (const std::exception &problem) {
            message = problem.what();
        } catch (...) {
        }
        reporter(message.c_str());
        // Other threads are still in libtorch.
        _exit(1);
    });
}

int32_t wb_store_set(const wb_store *self, const char *key, const char *value, wb_error *error) {
    return guarded(error, [&] {
        const std::vector<uint8_t> bytes(value, value + std::strlen(value));
        asked(self, [name = std::string(key), bytes](c10d::Store &store) { store.set(name, bytes); });
    });
}

int32_t wb_store_get(const wb_store *self, const char *key, char **value, wb_error *error) {
    return guarded(error, [&] {
        const auto bytes = asked(self, [name = std::string(key)](c10d::Store &store) {
            return store.check({name}) ? std::optional(store.get(name)) : std::nullopt;
        });
        *value = bytes ? strndup(reinterpret_cast<const char *>(bytes->data()), bytes->size()) : nullptr;
    });
}

int32_t wb_address_towards(const char *host, uint16_t port, char *address, size_t size, wb_error *error) {
    return guarded(error, [&] {
        addrinfo hints = {}, *list = nullptr;
        hints.ai_socktype = SOCK_DGRAM;
        const int status = getaddrinfo(host, std::to_string(port).c_str(), &hints, &list);
        TORCH_CHECK(status == 0, gai_strerror(status));
        bool is_found = false;
        for (auto *entry = list; entry && !is_found; entry = entry->ai_next) {
            // Connecting a datagram socket sends nothing; it only chooses the route.
            const int socket = ::socket(entry->ai_family, SOCK_DGRAM, 0);
            if (socket < 0) continue;
            sockaddr_storage own = {};
            socklen_t length = sizeof own;
            is_found = connect(socket, entry->ai_addr, entry->ai_addrlen) == 0 &&
                       getsockname(socket, reinterpret_cast<sockaddr *>(&own), &length) == 0 &&
                       getnameinfo(reinterpret_cast<sockaddr *>(&own), length, address, size, nullptr, 0,
                                   NI_NUMERICHOST) == 0;
            close(socket);
        }
        freeaddrinfo(list);
        TORCH_CHECK(is_found, "no route to it");
    });
}

#ifdef WB_NCCL
namespace {

/// Gives a group NCCL if every process has a card of its own, so that its local rank is the number of one.
void add_cards(wb_group &group, const c10::intrusive_ptr<c10d::Store> &meeting, int32_t rank, int32_t local_rank,
    double seconds) {
    auto lacking = at::full({1}, local_rank < wb_cuda_device_count() ? 0.0 : 1.0);
    group.sum(lacking);
    if (lacking.item<double>() > 0) return;
    // An operation without an answer then throws, as it does over Gloo; otherwise a thread of NCCL's ends the process.
    setenv("TORCH_NCCL_BLOCKING_WAIT", "1", 0);
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = milliseconds(seconds);
    group.cards = c10::make_intrusive<c10d::ProcessGroupNCCL>(
        c10::make_intrusive<c10d::PrefixStore>("nccl", meeting), rank, group.size, options);
}

}  // namespace
#endif

int32_t wb_group_create(const wb_store *store, int32_t rank, int32_t size, [[maybe_unused]] int32_t local_rank,
    const char *interface, const char *address, double seconds, double joining, wb_group **out, wb_error *error) {
    return guarded(error, [&] {
        using gloo = c10d::ProcessGroupGloo;
        auto options = gloo::Options::create(milliseconds(seconds));
        options->threads = 2;
        options->devices.push_back(interface ? gloo::createDeviceForInterface(interface)
                                   : address ? gloo::createDeviceForHostname(address)
                                             : gloo::createDefaultDevice());
        const auto meeting = store->value;
        auto group = std::make_unique<wb_group>(
            within(joining, [=] { return c10::make_intrusive<gloo>(meeting, rank, size, options); }), size);
#ifdef WB_NCCL
        add_cards(*group, meeting, rank, local_rank, seconds);
#endif
        *out = group.release();
    });
}

void wb_group_free(wb_group *group) { delete group; }

int32_t wb_group_sum(const wb_group *self, wb_tensor *const *tensors, size_t count, wb_error *error) {
    return guarded(error, [&] { in_buckets(values(tensors, count), [&](at::Tensor &flat) { self->sum(flat); }); });
}

int32_t wb_group_sum_gradients(const wb_group *self, wb_tensor *const *parameters, size_t count, wb_error *error) {
    return guarded(error, [&] {
        std::vector<at::Tensor> gradients;
        for (size_t index = 0; index < count; ++index) {
            const auto &gradient = parameters[index]->value.grad();
            if (gradient.defined()) gradients.push_back(gradient.detach());
        }
        in_buckets(gradients, [&](at::Tensor &flat) { self->sum(flat); });
    });
}

int32_t wb_group_broadcast(const wb_group *self, wb_tensor *const *tensors, size_t count, wb_error *error) {
    return guarded(error, [&] {
        in_buckets(values(tensors, count), [&](at::Tensor &flat) {
            std::vector<at::Tensor> list = {flat};
            self->complete(flat, [&](auto &backend) { return backend.broadcast(list); });
        });
    });
}

int32_t wb_group_gather(const wb_group *self, const wb_tensor *tensor, wb_out out, wb_error *error) {
    return produced(out, error, [&] {
        std::vector<at::Tensor> own = {tensor->value.detach().contiguous()};
        std::vector<std::vector<at::Tensor>> all(1);
        for (int32_t rank = 0; rank < self->size; ++rank) all[0].push_back(at::empty_like(own[0]));
        self->complete(own[0], [&](auto &backend) { return backend.allgather(all, own); });
        return at::stack(all[0]);
    });
}

int32_t wb_group_barrier(const wb_group *self, wb_error *error) {
    return guarded(error, [&] { self->complete({}, [](auto &backend) { return backend.barrier(); }); });
}

double wb_group_seconds(const wb_group *self) { return static_cast<double>(self->nanoseconds) * 1e-9; }

namespace {

/// Batch normalisation with the statistics of all processes' batches.
///
/// Source: Ioffe and Szegedy, ICML 2015; over processes: Peng et al., CVPR 2018 (MegDet).
struct shared_norm : public torch::autograd::Function<shared_norm> {
    /// The number for each channel in the shape that broadcasts to x.
    static at::Tensor column(const at::Tensor &numbers, const at::Tensor &x) {
        std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
        shape[1] = numbers.numel();
        return numbers.to(x.scalar_type()).view(shape);
    }

    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input,
        const at::Tensor &weight, const at::Tensor &bias, at::Tensor running_mean, at::Tensor running_variance,
        double momentum, double epsilon, int64_t group) {
        const auto x = is_half(input) ? input.to(at::kFloat) : input;
        const int64_t channels = x.size(1);
        const auto own = static_cast<double>(x.numel() / channels);
        const auto [own_mean, own_variance] = at::batch_norm_update_stats(x, {}, {}, 0);
        const auto wide = own_mean.to(at::kDouble);
        // Sums in double precision, since the variance is their difference.
        auto sums = at::cat({wide * own, (own_variance.to(at::kDouble) + wide * wide) * own,
                             at::full({1}, own, wide.options())});
        reinterpret_cast<const wb_group *>(group)->sum(sums);
        const double count = sums[2 * channels].item<double>();
        const auto wide_mean = sums.narrow(0, 0, channels) / count;
        const auto wide_variance = (sums.narrow(0, channels, channels) / count - wide_mean * wide_mean).clamp_min(0);
        const auto mean = wide_mean.to(x.scalar_type()), variance = wide_variance.to(x.scalar_type());
        running_mean.mul_(1 - momentum).add_(mean, momentum);
        running_variance.mul_(1 - momentum).add_(variance, momentum * count / std::max(1.0, count - 1));
        context->save_for_backward({x, weight, mean, variance});
        context->saved_data["epsilon"] = epsilon;
        context->saved_data["count"] = count;
        context->saved_data["group"] = group;
        const auto output = std::get<0>(at::native_batch_norm(x, weight, bias, mean, variance, false, 0, epsilon));
        return output.to(input.scalar_type());
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
        torch::autograd::variable_list outputs) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1], &mean = saved[2], &variance = saved[3];
        const double epsilon = context->saved_data["epsilon"].toDouble();
        const double count = context->saved_data["count"].toDouble();
        const auto *group = reinterpret_cast<const wb_group *>(context->saved_data["group"].toInt());
        const auto gradient = outputs[0].to(x.scalar_type()).contiguous(x.suggest_memory_format());
        const auto of_parameters = at::native_batch_norm_backward(
            gradient, x, weight, mean, variance, {}, {}, false, epsilon, {false, true, true});
        const auto &of_weight = std::get<1>(of_parameters), &of_bias = std::get<2>(of_parameters);
        auto sums = at::cat({of_bias, of_weight}).to(at::kDouble);
        group->sum(sums);
        const auto means = sums / count;
        const auto of_sum = means.narrow(0, 0, mean.numel()), of_product = means.narrow(0, mean.numel(), mean.numel());
        const auto root = (variance.to(at::kDouble) + epsilon).rsqrt();
        const auto factor = weight.detach().to(at::kDouble) * root;
        const auto slope = -factor * root * of_product;
        const auto offset = -factor * of_sum - slope * mean.to(at::kDouble);
        auto of_input = x.mul(column(slope, x)).add_(column(offset, x)).addcmul_(gradient, column(factor, x));
        return {of_input.to(outputs[0].scalar_type()), of_weight, of_bias, {}, {}, {}, {}, {}};
    }
};

}  // namespace

int32_t wb_group_batch_norm(const wb_group *self, const wb_tensor *x, const wb_tensor *weight, const wb_tensor *bias,
    wb_tensor *running_mean, wb_tensor *running_variance, double momentum, double epsilon, wb_out out,
    wb_error *error) {
    return produced(out, error, [&] {
        return shared_norm::apply(x->value, weight->value, bias->value, running_mean->value, running_variance->value,
                                  momentum, epsilon, reinterpret_cast<int64_t>(self));
    });
}
