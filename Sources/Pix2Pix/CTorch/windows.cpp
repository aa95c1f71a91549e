// Operations on [N, C, H, W] that pretrained networks need.
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/add.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/div.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include "guarded.hpp"

using ctorch::give;
using ctorch::guarded;
using ctorch::optional;

int32_t ctorch_conv2d_oblong(const ctorch_tensor *input, const ctorch_tensor *weight,
                             const ctorch_tensor *bias, int64_t stride, int64_t padding_height,
                             int64_t padding_width, ctorch_tensor **out) {
  return guarded([&] {
    give(at::conv2d(input->value, weight->value, optional(bias), {stride, stride},
                    at::IntArrayRef({padding_height, padding_width})),
         out);
  });
}

int32_t ctorch_max_pool2d(const ctorch_tensor *input, int64_t size, int64_t stride,
                          int64_t padding, int32_t rounds_up, ctorch_tensor **out) {
  return guarded([&] {
    give(at::max_pool2d(input->value, {size, size}, {stride, stride}, {padding, padding},
                        /*dilation=*/{1, 1}, rounds_up != 0),
         out);
  });
}

int32_t ctorch_average_pool2d(const ctorch_tensor *input, int64_t size, int64_t stride,
                              int64_t padding, int32_t rounds_up, int32_t counts_padding,
                              ctorch_tensor **out) {
  return guarded([&] {
    give(at::avg_pool2d(input->value, {size, size}, {stride, stride}, {padding, padding},
                        rounds_up != 0, counts_padding != 0),
         out);
  });
}

int32_t ctorch_adaptive_average_pool2d(const ctorch_tensor *input, int64_t height, int64_t width,
                                       ctorch_tensor **out) {
  return guarded([&] {
    give(at::adaptive_avg_pool2d(input->value, at::IntArrayRef({height, width})), out);
  });
}

int32_t ctorch_resize_bilinear2d(const ctorch_tensor *input, int64_t height, int64_t width,
                                 ctorch_tensor **out) {
  return guarded([&] {
    give(at::upsample_bilinear2d(input->value, at::IntArrayRef({height, width}),
                                 /*align_corners=*/false),
         out);
  });
}

int32_t ctorch_normalize_channels(const ctorch_tensor *input, double epsilon,
                                  ctorch_tensor **out) {
  return guarded([&] {
    const at::Tensor norm =
        at::linalg_vector_norm(input->value, 2, at::IntArrayRef({1}), /*keepdim=*/true);
    give(at::div(input->value, at::add(norm, epsilon)), out);
  });
}
