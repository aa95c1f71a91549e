// Making, reading and describing tensors.
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones_like.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <cstring>

#include "guarded.hpp"

using ctorch::give;
using ctorch::guarded;

int32_t ctorch_tensor_full(const int64_t *shape, int32_t rank, double value, int32_t element_type,
                           int32_t device_kind, int32_t device_index, ctorch_tensor **out) {
  return guarded([&] {
    const auto options = at::TensorOptions(ctorch::scalar_type(element_type))
                             .device(ctorch::device(device_kind, device_index));
    give(at::full(ctorch::shape_of(shape, rank), value, options), out);
  });
}

int32_t ctorch_tensor_from_bytes(const void *bytes, size_t byte_count, const int64_t *shape,
                                 int32_t rank, int32_t element_type, int32_t device_kind,
                                 int32_t device_index, ctorch_tensor **out) {
  return guarded([&] {
    const at::ScalarType type = ctorch::scalar_type(element_type);
    const at::IntArrayRef sizes = ctorch::shape_of(shape, rank);
    size_t expected = at::elementSize(type);
    for (const int64_t size : sizes) {
      const bool overflow =
          size < 0 || __builtin_mul_overflow(expected, static_cast<size_t>(size), &expected);
      TORCH_CHECK(!overflow, "shape ", sizes, " is impossible");
    }
    TORCH_CHECK(expected == byte_count, "shape ", sizes, " takes ", expected, " bytes, found ",
                byte_count);
    const at::Device device = ctorch::device(device_kind, device_index);
    if (device.is_cpu()) {
      at::Tensor tensor = at::empty(sizes, type);
      if (byte_count > 0) std::memcpy(tensor.mutable_data_ptr(), bytes, byte_count);
      give(std::move(tensor), out);
    } else {
      // Not changed: it is only the source of the copy to the device.
      const at::Tensor view = at::from_blob(const_cast<void *>(bytes), sizes, type);
      give(view.to(device), out);
    }
  });
}

void ctorch_tensor_free(ctorch_tensor *tensor) { delete tensor; }

int32_t ctorch_tensor_bytes(const ctorch_tensor *tensor, ctorch_tensor **out,
                            const void **out_bytes, size_t *out_byte_count) {
  return guarded([&] {
    at::Tensor value = tensor->value.detach().cpu().contiguous();
    *out_bytes = value.const_data_ptr();
    *out_byte_count = value.nbytes();
    give(std::move(value), out);
  });
}

int32_t ctorch_tensor_rank(const ctorch_tensor *tensor, int32_t *out) {
  return guarded([&] { *out = static_cast<int32_t>(tensor->value.dim()); });
}

int32_t ctorch_tensor_shape(const ctorch_tensor *tensor, int32_t rank, int64_t *out) {
  return guarded([&] {
    const at::IntArrayRef sizes = tensor->value.sizes();
    TORCH_CHECK(sizes.size() == static_cast<size_t>(rank), "the rank is ", sizes.size(), ", not ",
                rank);
    std::copy(sizes.begin(), sizes.end(), out);
  });
}

int32_t ctorch_tensor_element_type(const ctorch_tensor *tensor, int32_t *out) {
  return guarded([&] {
    switch (tensor->value.scalar_type()) {
      case at::kFloat: *out = CTORCH_FLOAT32; return;
      case at::kLong: *out = CTORCH_INT64; return;
      case at::kByte: *out = CTORCH_UINT8; return;
      default: TORCH_CHECK(false, "unexpected element type ", tensor->value.scalar_type());
    }
  });
}

int32_t ctorch_tensor_device(const ctorch_tensor *tensor, int32_t *out_kind, int32_t *out_index) {
  return guarded([&] {
    const at::Device device = tensor->value.device();
    TORCH_CHECK(device.is_cpu() || device.is_cuda(), "unexpected device ", device);
    *out_kind = device.is_cpu() ? CTORCH_CPU : CTORCH_CUDA;
    *out_index = device.is_cpu() ? 0 : device.index();
  });
}

int32_t ctorch_tensor_item(const ctorch_tensor *tensor, double *out) {
  return guarded([&] { *out = tensor->value.item().toDouble(); });
}

int32_t ctorch_tensor_to_device(const ctorch_tensor *tensor, int32_t device_kind,
                                int32_t device_index, ctorch_tensor **out) {
  return guarded([&] { give(tensor->value.to(ctorch::device(device_kind, device_index)), out); });
}

int32_t ctorch_tensor_clone(const ctorch_tensor *tensor, ctorch_tensor **out) {
  return guarded([&] { give(tensor->value.clone(), out); });
}

int32_t ctorch_tensor_copy_(const ctorch_tensor *tensor, const ctorch_tensor *source) {
  return guarded([&] {
    const c10::NoGradGuard without_gradients;
    TORCH_CHECK(tensor->value.sizes() == source->value.sizes(), "cannot copy shape ",
                source->value.sizes(), " to shape ", tensor->value.sizes());
    tensor->value.copy_(source->value);
  });
}

int32_t ctorch_tensor_normal_(const ctorch_tensor *tensor, double mean, double deviation) {
  return guarded([&] {
    const c10::NoGradGuard without_gradients;
    tensor->value.normal_(mean, deviation);
  });
}

int32_t ctorch_tensor_uniform_(const ctorch_tensor *tensor) {
  return guarded([&] {
    const c10::NoGradGuard without_gradients;
    tensor->value.uniform_(0, 1);
  });
}

int32_t ctorch_tensor_fill_(const ctorch_tensor *tensor, double value) {
  return guarded([&] {
    const c10::NoGradGuard without_gradients;
    tensor->value.fill_(value);
  });
}

int32_t ctorch_tensor_add_integer_(const ctorch_tensor *tensor, int64_t value) {
  return guarded([&] {
    const c10::NoGradGuard without_gradients;
    tensor->value.add_(value);
  });
}

int32_t ctorch_tensor_detach(const ctorch_tensor *tensor, ctorch_tensor **out) {
  return guarded([&] { give(tensor->value.detach(), out); });
}

int32_t ctorch_tensor_requires_gradient(const ctorch_tensor *tensor, int32_t *out) {
  return guarded([&] { *out = tensor->value.requires_grad() ? 1 : 0; });
}

int32_t ctorch_tensor_set_requires_gradient(const ctorch_tensor *tensor, int32_t required) {
  return guarded([&] { tensor->value.requires_grad_(required != 0); });
}

int32_t ctorch_tensor_gradient(const ctorch_tensor *tensor, ctorch_tensor **out) {
  return guarded([&] {
    const at::Tensor &gradient = tensor->value.grad();
    if (gradient.defined()) {
      give(gradient, out);
    } else {
      *out = nullptr;
    }
  });
}

int32_t ctorch_tensor_clear_gradient(const ctorch_tensor *tensor) {
  return guarded([&] { tensor->value.mutable_grad().reset(); });
}

int32_t ctorch_tensor_backward(const ctorch_tensor *tensor) {
  return guarded([&] { tensor->value.backward(); });
}

int32_t ctorch_gradient_of_sum(const ctorch_tensor *output, const ctorch_tensor *input,
                               ctorch_tensor **out) {
  return guarded([&] {
    give(torch::autograd::grad({output->value}, {input->value}, {at::ones_like(output->value)},
                               /*retain_graph=*/true, /*create_graph=*/true)[0],
         out);
  });
}
