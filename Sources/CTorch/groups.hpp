// libtorch's process groups (c10d), over Gloo. Only this header and compatibility.hpp include headers of libtorch; the
// sources that need no group do not pay for this one.
#ifndef CTORCH_GROUPS_HPP
#define CTORCH_GROUPS_HPP

// Debian's libtorch has Gloo, but its headers hide it.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif

#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "guarded.hpp"

struct wb_store {
    c10::intrusive_ptr<c10d::Store> value;
};

struct wb_group {
    c10::intrusive_ptr<c10d::ProcessGroupGloo> value;
    int32_t size;

    /// Replaces the numbers on every process by their sum over all.
    void sum(at::Tensor tensor) const {
        c10d::AllreduceOptions options;
        options.reduceOp = c10d::ReduceOp::SUM;
        std::vector<at::Tensor> list = {std::move(tensor)};
        value->allreduce(list, options)->wait();
    }
};

#endif
