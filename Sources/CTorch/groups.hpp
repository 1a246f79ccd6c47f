// libtorch's process groups (c10d), over Gloo. Only this header and compatibility.hpp include headers of libtorch; the
// sources that need no group do not pay for this one.
#ifndef CTORCH_GROUPS_HPP
#define CTORCH_GROUPS_HPP

// Debian's libtorch has Gloo, but its headers hide it.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif

#include <atomic>
#include <chrono>

#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "guarded.hpp"

struct wb_store {
    c10::intrusive_ptr<c10d::Store> value;
    /// How long an operation waits for the store's response; 0 for a store that always responds.
    double seconds;
};

struct wb_group {
    c10::intrusive_ptr<c10d::ProcessGroupGloo> value;
    int32_t size;
    /// The time spent in operations so far, most of it waiting for the other processes.
    mutable std::atomic<int64_t> nanoseconds{0};

    wb_group(c10::intrusive_ptr<c10d::ProcessGroupGloo> value, int32_t size) : value(std::move(value)), size(size) {}

    /// Starts an operation by `start`, waits for it, and counts the time.
    template <typename Start>
    void complete(Start start) const {
        const auto begin = std::chrono::steady_clock::now();
        start()->wait();
        nanoseconds += std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
    }

    /// Replaces the numbers on every process by their sum over all.
    void sum(at::Tensor tensor) const {
        c10d::AllreduceOptions options;
        options.reduceOp = c10d::ReduceOp::SUM;
        std::vector<at::Tensor> list = {std::move(tensor)};
        complete([&] { return value->allreduce(list, options); });
    }
};

#endif
