// libtorch's process groups (c10d), over Gloo, and over NCCL between graphics cards. Only this header and compatibility.hpp include headers of libtorch; the
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

// Package.swift defines WB_CUDA for a libtorch with CUDA.
#if defined(WB_CUDA) && __has_include(<nccl.h>) && __has_include(<cuda_runtime_api.h>)
#define WB_NCCL
#ifndef USE_C10D_NCCL
#define USE_C10D_NCCL
#endif
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include "guarded.hpp"

struct wb_store {
    c10::intrusive_ptr<c10d::Store> value;
    /// How long an operation waits for the store's response; 0 for a store that always responds.
    double seconds;
};

struct wb_group {
    c10::intrusive_ptr<c10d::ProcessGroupGloo> value;
#ifdef WB_NCCL
    /// For tensors on cards; null unless every process has a card of its own.
    c10::intrusive_ptr<c10d::ProcessGroupNCCL> cards;
#endif
    int32_t size;
    /// The time spent in operations so far, most of it waiting for the other processes.
    mutable std::atomic<int64_t> nanoseconds{0};

    wb_group(c10::intrusive_ptr<c10d::ProcessGroupGloo> value, int32_t size) : value(std::move(value)), size(size) {}

    /// Starts an operation on `tensor` by `start`, on the backend for its device, waits for it, and counts the time.
    template <typename Start>
    void complete(const at::Tensor &tensor, Start start) const {
        const auto begin = std::chrono::steady_clock::now();
#ifdef WB_NCCL
        if (cards && tensor.is_cuda())
            start(*cards)->wait();
        else
#endif
            start(*value)->wait();
        nanoseconds += std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
    }

    /// Replaces the numbers on every process by their sum over all.
    void sum(at::Tensor tensor) const {
        c10d::AllreduceOptions options;
        options.reduceOp = c10d::ReduceOp::SUM;
        std::vector<at::Tensor> list = {std::move(tensor)};
        complete(list[0], [&](auto &backend) { return backend.allreduce(list, options); });
    }
};

#endif
