// Attention within windows of a map: our own kernel for float32 on a CPU, libtorch's operations elsewhere.
//
// With libtorch's operations, rolling, cutting into windows and back, and sorting by heads copy the map about ten
// times, and the many small products are slow, above all in 1.13, which computes them one by one.
#include <algorithm>
#include <vector>

#include "guarded.hpp"
#include "window_kernel.hpp"

namespace {

/// The layout of windows on a map of tokens.
struct layout {
    int64_t batch, height, width, channels, heads;
    int64_t window[2], shift[2];

    int64_t tokens() const { return window[0] * window[1]; }
    int64_t rows() const { return (height + window[0] - 1) / window[0]; }
    int64_t columns() const { return (width + window[1] - 1) / window[1]; }
    bool has_regions() const { return shift[0] > 0 || shift[1] > 0; }

    /// If the shifted map wraps around, its windows hold parts that are not neighbours: 0, 1 or 2 along an axis.
    int64_t region(int axis, int64_t position) const {
        const int64_t length = axis == 0 ? rows() * window[0] : columns() * window[1];
        if (shift[axis] == 0 || position < length - window[axis]) return 0;
        return position < length - shift[axis] ? 1 : 2;
    }

    /// The row of the table of biases for a pair of tokens: by their distance along each axis.
    int64_t table_row(int64_t query, int64_t key) const {
        const int64_t down = query / window[1] - key / window[1] + window[0] - 1;
        const int64_t right = query % window[1] - key % window[1] + window[1] - 1;
        return down * (2 * window[1] - 1) + right;
    }
};

/// Each head's biases, `[heads, tokens, columns]`; those of the padding make every weight 0.
std::vector<float> expanded(const at::Tensor &table, const layout &map, int64_t columns) {
    const int64_t tokens = map.tokens();
    std::vector<float> result(map.heads * tokens * columns, -1e30f);
    const auto *values = table.data_ptr<float>();
    for (int64_t head = 0; head < map.heads; ++head)
        for (int64_t i = 0; i < tokens; ++i)
            for (int64_t j = 0; j < tokens; ++j)
                result[(head * tokens + i) * columns + j] = values[map.table_row(i, j) * map.heads + head];
    return result;
}

/// The tensors that the windows of a map read and write; pointers are null if no gradient is needed.
struct places {
    const float *projected, *outside;
    float *output, *gradient;
};

/// Calls `body` with every window, in as many chunks as there are threads. Sums have one place for each chunk, so that
/// they do not depend on which thread was faster.
template <typename Body>
void for_each_window(const layout &map, const places &at, int64_t chunks, float *outside_gradients, Body body) {
    const int64_t windows = map.batch * map.rows() * map.columns(), tokens = map.tokens();
    at::parallel_for(0, chunks, 1, [&](int64_t begin, int64_t end) {
        for (int64_t chunk = begin; chunk < end; ++chunk) {
            window_scratch scratch(tokens, map.channels / map.heads);
            window_tokens window(tokens);
            window.has_regions = map.has_regions();
            for (int64_t index = windows * chunk / chunks; index < windows * (chunk + 1) / chunks; ++index) {
                const int64_t image = index / (map.rows() * map.columns());
                const int64_t top = index / map.columns() % map.rows() * map.window[0];
                const int64_t left = index % map.columns() * map.window[1];
                for (int64_t token = 0; token < tokens; ++token) {
                    const int64_t y = top + token / map.window[1], x = left + token % map.window[1];
                    window.region[token] = static_cast<float>(map.region(0, y) * 3 + map.region(1, x));
                    if (y < map.height && x < map.width) {
                        const int64_t row = (y + map.shift[0]) % map.height, column = (x + map.shift[1]) % map.width;
                        const int64_t place = ((image * map.height + row) * map.width + column) * map.channels;
                        window.projected[token] = at.projected + 3 * place;
                        window.output[token] = at.output + place;
                        if (at.gradient != nullptr) window.gradient[token] = at.gradient + 3 * place;
                    } else {
                        window.projected[token] = at.outside;
                        window.output[token] = nullptr;
                        if (at.gradient != nullptr)
                            window.gradient[token] = outside_gradients + chunk * 3 * map.channels;
                    }
                }
                for (int64_t head = 0; head < map.heads; ++head) body(scratch, window, head, chunk);
            }
        }
    });
}

int64_t chunk_count(const layout &map) {
    return std::min<int64_t>(at::get_num_threads(), map.batch * map.rows() * map.columns());
}

at::Tensor forward_on_cpu(const at::Tensor &projected, const at::Tensor &table, const at::Tensor &outside,
    const layout &map) {
    const int64_t columns = padded_to_lanes(map.tokens());
    const auto bias = expanded(table, map, columns);
    auto output = at::empty({map.batch, map.height, map.width, map.channels}, projected.options());
    const places at = {projected.data_ptr<float>(), outside.data_ptr<float>(), output.data_ptr<float>(), nullptr};
    for_each_window(map, at, chunk_count(map), nullptr,
                    [&](window_scratch &scratch, const window_tokens &window, int64_t head, int64_t) {
                        window_forward(scratch, window, map.heads, head,
                                       bias.data() + head * map.tokens() * columns);
                    });
    return output;
}

/// Computes the gradients of the projected map, of the table and of the projection outside.
torch::autograd::variable_list backward_on_cpu(const at::Tensor &projected, const at::Tensor &table,
    const at::Tensor &outside, const at::Tensor &output_gradient, const layout &map) {
    const int64_t tokens = map.tokens(), columns = padded_to_lanes(tokens), chunks = chunk_count(map);
    const auto bias = expanded(table, map, columns);
    std::vector<float> bias_gradients(chunks * map.heads * tokens * columns);
    auto gradient = at::empty_like(projected);
    auto outside_gradients = at::zeros({chunks, 3 * map.channels}, projected.options());
    const places at = {projected.data_ptr<float>(), outside.data_ptr<float>(), output_gradient.data_ptr<float>(),
                       gradient.data_ptr<float>()};
    for_each_window(map, at, chunks, outside_gradients.data_ptr<float>(),
                    [&](window_scratch &scratch, const window_tokens &window, int64_t head, int64_t chunk) {
                        window_backward(
                            scratch, window, map.heads, head, bias.data() + head * tokens * columns,
                            bias_gradients.data() + (chunk * map.heads + head) * tokens * columns);
                    });
    auto table_gradient = at::zeros_like(table);
    auto *sums = table_gradient.data_ptr<float>();
    for (int64_t part = 0; part < chunks * map.heads; ++part)
        for (int64_t i = 0; i < tokens; ++i)
            for (int64_t j = 0; j < tokens; ++j)
                sums[map.table_row(i, j) * map.heads + part % map.heads] +=
                    bias_gradients[(part * tokens + i) * columns + j];
    return {gradient, table_gradient, outside_gradients.sum(0)};
}

/// Keeps only the inputs: computing the weights again in the backward pass is cheaper than writing and reading them.
struct window_attention : torch::autograd::Function<window_attention> {
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &projected,
        const at::Tensor &table, const at::Tensor &outside, const layout &map) {
        context->save_for_backward({projected, table, outside});
        context->saved_data["heads"] = map.heads;
        context->saved_data["windows"] =
            std::vector<int64_t>{map.window[0], map.window[1], map.shift[0], map.shift[1]};
        return forward_on_cpu(projected, table, outside, map);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
        torch::autograd::variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto shape = saved[0].sizes();
        const auto windows = context->saved_data["windows"].toIntVector();
        const layout map = {shape[0], shape[1], shape[2], shape[3] / 3, context->saved_data["heads"].toInt(),
                            {windows[0], windows[1]}, {windows[2], windows[3]}};
        auto found = backward_on_cpu(saved[0], saved[1], saved[2], gradients[0].contiguous(), map);
        found.emplace_back();  // The layout has no gradient.
        return found;
    }
};

/// The same with libtorch's operations, for any device and type.
at::Tensor by_operations(const at::Tensor &projected, const at::Tensor &table, const at::Tensor &outside,
    const layout &map) {
    const int64_t tokens = map.tokens(), rows = map.rows(), columns = map.columns();
    const int64_t height = rows * map.window[0], width = columns * map.window[1], head = map.channels / map.heads;
    auto x = map.has_regions() ? at::roll(projected, {-map.shift[0], -map.shift[1]}, {1, 2}) : projected;
    if (width > map.width)
        x = at::cat({x, outside.expand({map.batch, map.height, width - map.width, -1})}, 2);
    if (height > map.height) x = at::cat({x, outside.expand({map.batch, height - map.height, width, -1})}, 1);
    // [3, batch, rows, columns, heads, tokens, head].
    x = x.reshape({map.batch, rows, map.window[0], columns, map.window[1], 3, map.heads, head})
            .permute({5, 0, 1, 3, 6, 2, 4, 7})
            .reshape({3, map.batch, rows * columns, map.heads, tokens, head});

    std::vector<int64_t> pairs;
    for (int64_t i = 0; i < tokens; ++i)
        for (int64_t j = 0; j < tokens; ++j) pairs.push_back(map.table_row(i, j));
    const auto index = at::tensor(pairs, at::TensorOptions(at::kLong)).to(projected.device());
    auto bias = table.index_select(0, index).reshape({tokens, tokens, map.heads}).permute({2, 0, 1}).unsqueeze(0);
    if (map.has_regions()) {
        std::vector<float> regions;
        for (int64_t window = 0; window < rows * columns; ++window)
            for (int64_t token = 0; token < tokens; ++token)
                regions.push_back(static_cast<float>(
                    map.region(0, window / columns * map.window[0] + token / map.window[1]) * 3 +
                    map.region(1, window % columns * map.window[1] + token % map.window[1])));
        const auto region =
            at::tensor(regions, at::TensorOptions(at::kFloat)).to(projected.device()).reshape({-1, 1, tokens});
        const auto differs = region.unsqueeze(-1) != region.unsqueeze(-2);
        bias = bias + differs.to(bias.scalar_type()) * -100;
    }
    const auto logits =
        at::matmul(x[0] / std::sqrt(static_cast<double>(head)), x[1].transpose(-2, -1)) + bias.unsqueeze(0);
    x = at::matmul(at::softmax(logits, -1).to(projected.scalar_type()), x[2])
            .reshape({map.batch, rows, columns, map.heads, map.window[0], map.window[1], head})
            .permute({0, 1, 4, 2, 5, 3, 6})
            .reshape({map.batch, height, width, map.channels});
    x = x.narrow(1, 0, map.height).narrow(2, 0, map.width);
    return map.has_regions() ? at::roll(x, {map.shift[0], map.shift[1]}, {1, 2}) : x;
}

}  // namespace

int32_t wb_tensor_window_attention(const wb_tensor *projected, const wb_tensor *table, const wb_tensor *outside,
    int64_t heads, const int64_t window[2], const int64_t shift[2], wb_out out, wb_error *error) {
    return produced(out, error, [&]() -> at::Tensor {
        const auto &x = projected->value, &biases = table->value, &beyond = outside->value;
        TORCH_CHECK(x.dim() == 4 && heads > 0 && x.size(3) % (3 * heads) == 0, "a map ", x.sizes(),
                    " cannot be cut into query, key and value of ", heads, " heads");
        const layout map = {x.size(0), x.size(1), x.size(2), x.size(3) / 3, heads, {window[0], window[1]},
                            {shift[0], shift[1]}};
        for (int axis = 0; axis < 2; ++axis)
            TORCH_CHECK(window[axis] > 0 && 0 <= shift[axis] && shift[axis] < window[axis], "a shift of ",
                        shift[axis], " is not within a window of ", window[axis]);
        const int64_t distances = (2 * window[0] - 1) * (2 * window[1] - 1);
        TORCH_CHECK(biases.dim() == 2 && biases.size(0) == distances && biases.size(1) == heads, "the table is ",
                    biases.sizes(), " but ", heads, " heads and these windows need [", distances, ", ", heads, "]");
        TORCH_CHECK(beyond.dim() == 1 && beyond.size(0) == x.size(3), "the projection outside is ", beyond.sizes(),
                    " but the map has ", x.size(3), " channels");
        if (x.is_meta()) return at::empty({x.size(0), x.size(1), x.size(2), map.channels}, x.options());
        if (x.is_cpu() && (is_half(x) || x.scalar_type() == at::kFloat)) {
            // Only input and output are half precision; the kernel computes in float32, which stays in the nearest
            // cache.
            const auto wide = [](const at::Tensor &tensor) { return tensor.to(at::kFloat).contiguous(); };
            return window_attention::apply(wide(x), wide(biases), wide(beyond), map).to(x.scalar_type());
        }
        return by_operations(x, biases, beyond.to(x.scalar_type()), map);
    });
}
