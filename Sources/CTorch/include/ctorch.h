// The C interface of libtorch. Every function that can fail returns 0, or 1 with `error` filled and the outputs
// untouched. The caller owns a tensor returned by an out-parameter and frees it with wb_tensor_free. There is no
// ambient state: only the tensors decide whether gradients are recorded (wb_tensor_detach).
#ifndef CTORCH_H
#define CTORCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef struct wb_tensor wb_tensor;
/// Keys and values that processes share, of c10d; any thread may use it.
typedef struct wb_store wb_store;
/// Processes that compute together, of c10d over Gloo or NCCL.
typedef struct wb_group wb_group;

typedef struct {
    char message[2048];
} wb_error;

typedef enum { WB_FLOAT32, WB_FLOAT64, WB_FLOAT16, WB_BFLOAT16, WB_INT64 } wb_scalar_type;

/// Devices other than graphics cards, which are counted from 0. Shapes only: tensors without numbers.
enum { WB_CPU = -1, WB_SHAPES_ONLY = -2 };

typedef enum {
    WB_RELU, WB_RELU6, WB_SILU, WB_GELU, WB_SIGMOID, WB_EXP, WB_LOG, WB_SQRT, WB_NEGATIVE,
    WB_SOFTPLUS, WB_LOG_SOFTMAX_LAST, WB_CHANNELS_LAST, WB_MIRROR_LAST
} wb_unary_kind;

typedef enum { WB_ADD, WB_SUBTRACT, WB_MULTIPLY, WB_DIVIDE, WB_MATMUL, WB_GREATER, WB_POWER } wb_binary_kind;

typedef enum { WB_ADD_SCALAR, WB_MULTIPLY_SCALAR, WB_POWER_SCALAR, WB_CLAMP_MIN, WB_CLAMP_MAX } wb_scalar_kind;

typedef enum { WB_SUM, WB_MEAN, WB_MAXIMUM } wb_reduction_kind;

/// The function applied to a layer's result.
typedef enum { WB_LINEAR, WB_THEN_RELU6, WB_THEN_SILU, WB_THEN_GELU } wb_activation;

// Library.
const char *wb_torch_version(void);
/// The instruction set of the CPU kernels, such as `AVX2`; the string lives as long as the program.
const char *wb_cpu_capability(void);
void wb_set_threads(int32_t count);
int32_t wb_threads(void);
/// Lets the allocator keep freed memory for the next step; returning it to the system costs a third of the time.
void wb_keep_freed_memory(void);
int32_t wb_cuda_device_count(void);
/// Makes graphics cards give the same bits each time, and float32 all of its digits. Call before the first tensor on
/// one.
void wb_make_cuda_repeatable(void);
/// The number of tensors that were not freed, which shows leaks.
int64_t wb_live_tensors(void);

// Lifetime and contents. `data` holds elements of `type`; `wb_tensor_copy_out` converts to `type` first.
int32_t wb_tensor_create(const void *data, wb_scalar_type type, const int64_t *shape, size_t rank,
    int32_t device, wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_full(double value, wb_scalar_type type, const int64_t *shape, size_t rank, int32_t device,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
void wb_tensor_free(wb_tensor *_Nullable tensor);
size_t wb_tensor_rank(const wb_tensor *tensor);
int64_t wb_tensor_size(const wb_tensor *tensor, size_t dimension);
wb_scalar_type wb_tensor_type(const wb_tensor *tensor);
/// The device that holds it.
int32_t wb_tensor_device(const wb_tensor *tensor);
int32_t wb_tensor_copy_out(const wb_tensor *self, wb_scalar_type type, void *data, size_t count, wb_error *error);
int32_t wb_tensor_cast(const wb_tensor *self, wb_scalar_type type, wb_tensor *_Nullable *_Nonnull out,
    wb_error *error);
/// Moves to a device.
int32_t wb_tensor_to_device(const wb_tensor *self, int32_t device, wb_tensor *_Nullable *_Nonnull out,
    wb_error *error);
int32_t wb_tensor_assign(wb_tensor *self, const wb_tensor *source, wb_error *error);

// Arithmetic.
int32_t wb_tensor_unary(const wb_tensor *self, wb_unary_kind kind, wb_tensor *_Nullable *_Nonnull out,
    wb_error *error);
int32_t wb_tensor_binary(const wb_tensor *self, const wb_tensor *other, wb_binary_kind kind,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_scalar(const wb_tensor *self, double value, wb_scalar_kind kind,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_reduce(const wb_tensor *self, wb_reduction_kind kind, const int64_t *dims, size_t count,
    int32_t keep, wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_where(const wb_tensor *condition, const wb_tensor *self, const wb_tensor *other,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_gather(const wb_tensor *self, int64_t dimension, const wb_tensor *index,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_one_hot(const wb_tensor *self, int64_t classes, wb_tensor *_Nullable *_Nonnull out,
    wb_error *error);

// Shape.
int32_t wb_tensor_reshape(const wb_tensor *self, const int64_t *shape, size_t rank,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// Repeats dimensions of length 1 until the shape is reached; copies nothing.
int32_t wb_tensor_expand(const wb_tensor *self, const int64_t *shape, size_t rank,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_permute(const wb_tensor *self, const int64_t *dims, size_t rank,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_narrow(const wb_tensor *self, int64_t dimension, int64_t start, int64_t length,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_concatenate(const wb_tensor *_Nonnull const *_Nonnull tensors, size_t count, int64_t dimension,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// Pads the last dimensions; `padding` has left and right of the last, then of the one before.
int32_t wb_tensor_pad(const wb_tensor *self, const int64_t *padding, size_t count, double value,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// Resizes maps `[N, C, H, W]` with Keys' cubic (a = -0.5), smoothed if they shrink.
int32_t wb_tensor_resize(const wb_tensor *self, int64_t height, int64_t width, wb_tensor *_Nullable *_Nonnull out,
    wb_error *error);

// Layers.
int32_t wb_tensor_linear(const wb_tensor *self, const wb_tensor *weight, const wb_tensor *_Nullable bias,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// A linear layer's weight in the order that suits this CPU and about `rows` inputs at a time, if libtorch has one;
/// otherwise the weight itself. Only `wb_tensor_packed_linear` takes it. No gradients.
int32_t wb_tensor_pack_linear(const wb_tensor *weight, int64_t rows, wb_tensor *_Nullable *_Nonnull out,
    wb_error *error);
/// A linear layer, its nonlinearity and then the sum with `addend`: one pass if libtorch has it. No gradients.
int32_t wb_tensor_packed_linear(const wb_tensor *self, const wb_tensor *packed, const wb_tensor *_Nullable bias,
    wb_activation activation, const wb_tensor *_Nullable addend, wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// A convolution and its nonlinearity: one pass over the map if libtorch has it and no gradients are recorded.
int32_t wb_tensor_conv2d(const wb_tensor *self, const wb_tensor *weight, const wb_tensor *_Nullable bias,
    const int64_t stride[_Nonnull 2], const int64_t padding[_Nonnull 2], const int64_t dilation[_Nonnull 2],
    int64_t groups, wb_activation activation, wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// Batch normalisation; in training it updates the running statistics in place.
int32_t wb_tensor_batch_norm(const wb_tensor *self, const wb_tensor *_Nullable weight,
    const wb_tensor *_Nullable bias, wb_tensor *running_mean, wb_tensor *running_variance, int32_t training,
    double momentum, double epsilon, wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// Layer normalisation over the last dimension, with a scale and an offset for each of its elements.
int32_t wb_tensor_layer_norm(const wb_tensor *self, const wb_tensor *weight, const wb_tensor *bias, double epsilon,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// Attention within the windows of a map, separately for each head, with a bias by distance (Swin).
/// `projected` is `[N, H, W, 3 * C]`: query, key and value, each by heads. Windows that extend over the right or lower
/// edge use `outside`, `[3 * C]`, there. `shift` moves the windows down and right; a window that wraps around attends
/// within each side only. `table` is `[(2 * window[0] - 1) * (2 * window[1] - 1), heads]`. Gives `[N, H, W, C]`.
int32_t wb_tensor_window_attention(const wb_tensor *projected, const wb_tensor *table, const wb_tensor *outside,
    int64_t heads, const int64_t window[_Nonnull 2], const int64_t shift[_Nonnull 2],
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);
/// Attention of every token to every token, separately for each head: softmax(q kᵀ / √width) v.
/// `projected` is `[N, T, 3 * C]`: query, key and value, each by heads. `cosines` and `sines`, `[T, C / heads]`, turn
/// each query and key x: x cos + (-x2, x1) sin for its halves x1 and x2 (rotary positions). Gives `[N, T, C]`.
int32_t wb_tensor_attention(const wb_tensor *projected, int64_t heads, const wb_tensor *_Nullable cosines,
    const wb_tensor *_Nullable sines, wb_tensor *_Nullable *_Nonnull out, wb_error *error);

// Gradients.
int32_t wb_tensor_require_gradient(wb_tensor *self, int32_t required, wb_error *error);
/// The same values, cut off from gradients.
int32_t wb_tensor_detach(const wb_tensor *self, wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_backward(const wb_tensor *self, wb_error *error);
/// The accumulated gradient, or null if there is none.
int32_t wb_tensor_gradient(const wb_tensor *self, wb_tensor *_Nullable *_Nonnull out, wb_error *error);
int32_t wb_tensor_clear_gradient(wb_tensor *self, wb_error *error);
/// The gradient of the number `self` with respect to a tensor that it was computed from, leaf or not. Frees what was
/// recorded and adds to no other gradient.
int32_t wb_tensor_derivative(const wb_tensor *self, const wb_tensor *input, wb_tensor *_Nullable *_Nonnull out,
    wb_error *error);

// Optimisers: one step over `count` parameters; those without a gradient do not change.
/// Divides all gradients by `divisor` and gives their Euclidean norm; if it exceeds `limit` > 0, scales them down to
/// it.
int32_t wb_clip_gradients(wb_tensor *_Nonnull const *_Nonnull parameters, size_t count, double divisor, double limit,
    double *norm, wb_error *error);
/// Loshchilov and Hutter 2019 if `decoupled`, otherwise Kingma and Ba 2015 with L2. `step` counts from 1.
int32_t wb_adam_step(wb_tensor *_Nonnull const *_Nonnull parameters, wb_tensor *_Nonnull const *_Nonnull first,
    wb_tensor *_Nonnull const *_Nonnull second, size_t count, int64_t step, double rate, double beta1, double beta2,
    double epsilon, double decay, int32_t decoupled, wb_error *error);
/// Moves each of `averages` a share of the way towards its tensor in `sources`.
int32_t wb_approach(wb_tensor *_Nonnull const *_Nonnull averages, wb_tensor *_Nonnull const *_Nonnull sources,
    size_t count, double share, wb_error *error);
int32_t wb_sgd_step(wb_tensor *_Nonnull const *_Nonnull parameters, wb_tensor *_Nonnull const *_Nonnull velocity,
    size_t count, double rate, double momentum, double decay, wb_error *error);

// Stores. The caller frees a store with wb_store_free.
/// A store in a file, for `size` processes of one machine.
int32_t wb_store_file(const char *path, int32_t size, wb_store *_Nullable *_Nonnull out, wb_error *error);
/// A store over TCP: the host listens on `port`, on every interface; others connect. Connecting, and each operation
/// later, fails after `seconds`.
int32_t wb_store_tcp(const char *host, uint16_t port, int32_t is_host, double seconds,
    wb_store *_Nullable *_Nonnull out, wb_error *error);
/// The part of a store whose keys begin with a name.
int32_t wb_store_part(const wb_store *self, const char *name, wb_store *_Nullable *_Nonnull out, wb_error *error);
void wb_store_free(wb_store *_Nullable store);
/// Calls `report`, and ends the process with code 1, where libtorch would abort it: version 1.13 does so on a thread of
/// its own if the host of a store resets the connection.
void wb_end_on_lost_store(void (*report)(const char *message));
int32_t wb_store_set(const wb_store *self, const char *key, const char *value, wb_error *error);
/// The value of a key, which the caller frees with `free`; null if there is none yet.
int32_t wb_store_get(const wb_store *self, const char *key, char *_Nullable *_Nonnull value, wb_error *error);
/// This machine's numeric address on the way to another.
int32_t wb_address_towards(const char *host, uint16_t port, char *address, size_t size, wb_error *error);

// Groups. Every process of a group calls the same functions in the same order; each waits for the others, at most the
// group's `seconds`. The caller frees a group with wb_group_free.
/// A group of `size` processes that meet in a store. Connections use an interface, or else an address of this machine,
/// or else that of its host name; they must be there within `joining` seconds. Cards use NCCL if the build has it and
/// every process has a card, whose number is the process's `local_rank` on its machine.
int32_t wb_group_create(const wb_store *store, int32_t rank, int32_t size, int32_t local_rank,
    const char *_Nullable interface, const char *_Nullable address, double seconds, double joining, wb_group *_Nullable *_Nonnull out,
    wb_error *error);
void wb_group_free(wb_group *_Nullable group);
/// Replaces the numbers of each tensor by their sums over all processes.
int32_t wb_group_sum(const wb_group *self, wb_tensor *_Nonnull const *_Nonnull tensors, size_t count, wb_error *error);
/// Replaces gradients by their sums over all processes; the same parameters must have one on every process.
int32_t wb_group_sum_gradients(const wb_group *self, wb_tensor *_Nonnull const *_Nonnull parameters, size_t count,
    wb_error *error);
/// Replaces the numbers of each tensor by those of process 0.
int32_t wb_group_broadcast(const wb_group *self, wb_tensor *_Nonnull const *_Nonnull tensors, size_t count,
    wb_error *error);
/// The tensors of all processes, which have the same shape, as `[processes, ...]`.
int32_t wb_group_gather(const wb_group *self, const wb_tensor *tensor, wb_tensor *_Nullable *_Nonnull out,
    wb_error *error);
/// Waits until every process is here.
int32_t wb_group_barrier(const wb_group *self, wb_error *error);
/// The seconds spent in the group's operations so far, most of them waiting for the other processes.
double wb_group_seconds(const wb_group *self);
/// Batch normalisation in training with the statistics of all processes' batches; updates the running statistics in
/// place. The group must outlive the backward pass.
int32_t wb_group_batch_norm(const wb_group *self, const wb_tensor *x, const wb_tensor *weight, const wb_tensor *bias,
    wb_tensor *running_mean, wb_tensor *running_variance, double momentum, double epsilon,
    wb_tensor *_Nullable *_Nonnull out, wb_error *error);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
