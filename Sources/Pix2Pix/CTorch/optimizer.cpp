// One optimiser step, as `torch.optim.Adam(fused=True)` takes it.
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_fused_adam.h>
#include <c10/core/GradMode.h>

#include "guarded.hpp"

int32_t ctorch_fused_adam_(const ctorch_tensor *const *parameters,
                           const ctorch_tensor *const *averages,
                           const ctorch_tensor *const *square_averages,
                           const ctorch_tensor *const *steps, int32_t count, double learning_rate,
                           double beta1, double beta2, double epsilon, double weight_decay) {
  return ctorch::guarded([&] {
    const c10::NoGradGuard without_gradients;
    std::vector<at::Tensor> values, gradients, firsts, seconds, counts;
    for (int32_t index = 0; index < count; ++index) {
      const at::Tensor &gradient = parameters[index]->value.grad();
      if (!gradient.defined()) continue;
      values.push_back(parameters[index]->value);
      gradients.push_back(gradient);
      firsts.push_back(averages[index]->value);
      seconds.push_back(square_averages[index]->value);
      counts.push_back(steps[index]->value);
    }
    if (values.empty()) return;
    at::_foreach_add_(counts, 1);
    at::_fused_adam_(values, gradients, firsts, seconds, /*max_exp_avg_sqs=*/{}, counts,
                     learning_rate, beta1, beta2, weight_decay, epsilon, /*amsgrad=*/false,
                     /*maximize=*/false);
  });
}
