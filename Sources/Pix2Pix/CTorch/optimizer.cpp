// The optimisers' steps, as `torch.optim.Adam(fused=True)` and `AdamW(fused=True)` take them, and
// what is done to many tensors before and after.
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <c10/core/GradMode.h>

#include "guarded.hpp"

namespace {

// The tensors of the parameters that have a gradient.
struct Moved {
  std::vector<at::Tensor> values, gradients, averages, square_averages, steps;

  Moved(const ctorch_tensor *const *parameters, const ctorch_tensor *const *firsts,
        const ctorch_tensor *const *seconds, const ctorch_tensor *const *counts, int32_t count) {
    for (int32_t index = 0; index < count; ++index) {
      const at::Tensor &gradient = parameters[index]->value.grad();
      if (!gradient.defined()) continue;
      values.push_back(parameters[index]->value);
      gradients.push_back(gradient);
      averages.push_back(firsts[index]->value);
      square_averages.push_back(seconds[index]->value);
      steps.push_back(counts[index]->value);
    }
  }
};

// One step by the operation given, which Adam and AdamW call with the same arguments.
template <typename Fused>
int32_t step(const Fused &fused, const ctorch_tensor *const *parameters,
             const ctorch_tensor *const *averages, const ctorch_tensor *const *square_averages,
             const ctorch_tensor *const *steps, int32_t count, double learning_rate, double beta1,
             double beta2, double epsilon, double weight_decay) {
  return ctorch::guarded([&] {
    const c10::NoGradGuard without_gradients;
    Moved moved(parameters, averages, square_averages, steps, count);
    if (moved.values.empty()) return;
    at::_foreach_add_(moved.steps, 1);
    fused(moved.values, moved.gradients, moved.averages, moved.square_averages,
          at::TensorList(/*max_exp_avg_sqs*/), moved.steps, learning_rate, beta1, beta2,
          weight_decay, epsilon, /*amsgrad=*/false, /*maximize=*/false);
  });
}

}  // namespace

int32_t ctorch_fused_adam_(const ctorch_tensor *const *parameters,
                           const ctorch_tensor *const *averages,
                           const ctorch_tensor *const *square_averages,
                           const ctorch_tensor *const *steps, int32_t count, double learning_rate,
                           double beta1, double beta2, double epsilon, double weight_decay) {
  const auto fused = [](auto &&...arguments) { at::_fused_adam_(arguments...); };
  return step(fused, parameters, averages, square_averages, steps, count, learning_rate, beta1,
              beta2, epsilon, weight_decay);
}

int32_t ctorch_fused_adamw_(const ctorch_tensor *const *parameters,
                            const ctorch_tensor *const *averages,
                            const ctorch_tensor *const *square_averages,
                            const ctorch_tensor *const *steps, int32_t count, double learning_rate,
                            double beta1, double beta2, double epsilon, double weight_decay) {
  const auto fused = [](auto &&...arguments) { at::_fused_adamw_(arguments...); };
  return step(fused, parameters, averages, square_averages, steps, count, learning_rate, beta1,
              beta2, epsilon, weight_decay);
}

int32_t ctorch_clip_gradients_(const ctorch_tensor *const *parameters, int32_t count,
                               double maximum) {
  return ctorch::guarded([&] {
    const c10::NoGradGuard without_gradients;
    std::vector<at::Tensor> gradients;
    for (int32_t index = 0; index < count; ++index) {
      const at::Tensor &gradient = parameters[index]->value.grad();
      if (gradient.defined()) gradients.push_back(gradient);
    }
    if (gradients.empty()) return;
    const at::Tensor norm = at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients)));
    // The number added is PyTorch's; the scale stays on the device.
    const at::Tensor scale = norm.add(1e-6).reciprocal().mul(maximum).clamp_max(1);
    at::_foreach_mul_(gradients, scale);
  });
}

int32_t ctorch_clamp_(const ctorch_tensor *const *tensors, int32_t count, double limit) {
  return ctorch::guarded([&] {
    const c10::NoGradGuard without_gradients;
    std::vector<at::Tensor> values = ctorch::tensors(tensors, count);
    for (at::Tensor &value : values) value.clamp_(-limit, limit);
  });
}

int32_t ctorch_lerp_(const ctorch_tensor *const *tensors, const ctorch_tensor *const *ends,
                     int32_t count, double weight) {
  return ctorch::guarded([&] {
    const c10::NoGradGuard without_gradients;
    at::_foreach_lerp_(ctorch::tensors(tensors, count), ctorch::tensors(ends, count), weight);
  });
}
