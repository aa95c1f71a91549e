// Operations: one libtorch call each.
#include <ATen/Context.h>
#include <ATen/ops/add.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/col2im.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/div.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/im2col.h>
#include <ATen/ops/instance_norm.h>
#include <ATen/ops/l1_loss.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/narrow.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/reflection_pad2d.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/reshape.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sign.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/std.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/transpose.h>

#include "guarded.hpp"

using ctorch::give;
using ctorch::guarded;
using ctorch::optional;

int32_t ctorch_conv2d(const ctorch_tensor *input, const ctorch_tensor *weight,
                      const ctorch_tensor *bias, int64_t stride, int64_t padding,
                      ctorch_tensor **out) {
  return guarded([&] {
    give(at::conv2d(input->value, weight->value, optional(bias), {stride, stride},
                    at::IntArrayRef({padding, padding})),
         out);
  });
}

int32_t ctorch_conv_transpose2d(const ctorch_tensor *input, const ctorch_tensor *weight,
                                const ctorch_tensor *bias, int64_t stride, int64_t padding,
                                int64_t output_padding, ctorch_tensor **out) {
  return guarded([&] {
    give(at::conv_transpose2d(input->value, weight->value, optional(bias), {stride, stride},
                              {padding, padding}, {output_padding, output_padding}),
         out);
  });
}

int32_t ctorch_reflection_pad2d(const ctorch_tensor *input, int64_t padding, ctorch_tensor **out) {
  return guarded([&] {
    give(at::reflection_pad2d(input->value, {padding, padding, padding, padding}), out);
  });
}

int32_t ctorch_batch_norm(const ctorch_tensor *input, const ctorch_tensor *weight,
                          const ctorch_tensor *bias, const ctorch_tensor *running_mean,
                          const ctorch_tensor *running_variance, int32_t training,
                          double momentum, double epsilon, ctorch_tensor **out) {
  return guarded([&] {
    give(at::batch_norm(input->value, weight->value, bias->value, optional(running_mean),
                        optional(running_variance), training != 0, momentum, epsilon,
                        at::globalContext().userEnabledCuDNN()),
         out);
  });
}

int32_t ctorch_instance_norm(const ctorch_tensor *input, const ctorch_tensor *weight,
                             const ctorch_tensor *bias, double epsilon, ctorch_tensor **out) {
  return guarded([&] {
    give(at::instance_norm(input->value, optional(weight), optional(bias), /*running_mean=*/{},
                           /*running_var=*/{}, /*use_input_stats=*/true, /*momentum=*/0, epsilon,
                           at::globalContext().userEnabledCuDNN()),
         out);
  });
}

int32_t ctorch_dropout(const ctorch_tensor *input, double probability, ctorch_tensor **out) {
  return guarded([&] { give(at::dropout(input->value, probability, /*train=*/true), out); });
}

int32_t ctorch_leaky_relu(const ctorch_tensor *input, double slope, ctorch_tensor **out) {
  return guarded([&] { give(at::leaky_relu(input->value, slope), out); });
}

int32_t ctorch_relu(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] { give(at::relu(input->value), out); });
}

int32_t ctorch_leaky_relu_(const ctorch_tensor *tensor, double slope) {
  return guarded([&] {
    at::Tensor value = tensor->value;
    at::leaky_relu_(value, slope);
  });
}

int32_t ctorch_relu_(const ctorch_tensor *tensor) {
  return guarded([&] {
    at::Tensor value = tensor->value;
    at::relu_(value);
  });
}

int32_t ctorch_tanh(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] { give(at::tanh(input->value), out); });
}

int32_t ctorch_add(const ctorch_tensor *left, const ctorch_tensor *right, ctorch_tensor **out) {
  return guarded([&] { give(at::add(left->value, right->value), out); });
}

int32_t ctorch_subtract(const ctorch_tensor *left, const ctorch_tensor *right,
                        ctorch_tensor **out) {
  return guarded([&] { give(at::sub(left->value, right->value), out); });
}

int32_t ctorch_multiply(const ctorch_tensor *left, const ctorch_tensor *right,
                        ctorch_tensor **out) {
  return guarded([&] { give(at::mul(left->value, right->value), out); });
}

int32_t ctorch_scale(const ctorch_tensor *input, double factor, ctorch_tensor **out) {
  return guarded([&] { give(at::mul(input->value, factor), out); });
}

int32_t ctorch_add_number(const ctorch_tensor *input, double number, ctorch_tensor **out) {
  return guarded([&] { give(at::add(input->value, number), out); });
}

int32_t ctorch_sqrt(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] { give(at::sqrt(input->value), out); });
}

int32_t ctorch_norm_of_entries(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] {
    give(at::linalg_vector_norm(input->value.flatten(1), 2, at::IntArrayRef({1})), out);
  });
}

int32_t ctorch_deviation_of_entries(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] {
    give(at::std(input->value.flatten(1), at::IntArrayRef({1}), /*correction=*/at::Scalar(0)), out);
  });
}

int32_t ctorch_mean(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] { give(at::mean(input->value), out); });
}

int32_t ctorch_concatenate(const ctorch_tensor *const *tensors, int32_t count, int64_t dimension,
                           ctorch_tensor **out) {
  return guarded([&] { give(at::cat(ctorch::tensors(tensors, count), dimension), out); });
}

int32_t ctorch_stack(const ctorch_tensor *const *tensors, int32_t count, ctorch_tensor **out) {
  return guarded([&] { give(at::stack(ctorch::tensors(tensors, count)), out); });
}

int32_t ctorch_narrow(const ctorch_tensor *input, int64_t dimension, int64_t start, int64_t length,
                      ctorch_tensor **out) {
  return guarded([&] { give(at::narrow(input->value, dimension, start, length), out); });
}

int32_t ctorch_reshape(const ctorch_tensor *input, const int64_t *shape, int32_t rank,
                       ctorch_tensor **out) {
  return guarded([&] { give(at::reshape(input->value, ctorch::shape_of(shape, rank)), out); });
}

int32_t ctorch_transpose(const ctorch_tensor *input, int64_t first, int64_t second,
                         ctorch_tensor **out) {
  return guarded([&] { give(at::transpose(input->value, first, second), out); });
}

int32_t ctorch_matrix_product(const ctorch_tensor *left, const ctorch_tensor *right,
                              ctorch_tensor **out) {
  return guarded([&] { give(at::mm(left->value, right->value), out); });
}

int32_t ctorch_im2col(const ctorch_tensor *input, int64_t kernel_size, int64_t stride,
                      int64_t padding, ctorch_tensor **out) {
  return guarded([&] {
    give(at::im2col(input->value, {kernel_size, kernel_size}, /*dilation=*/{1, 1},
                    {padding, padding}, {stride, stride}),
         out);
  });
}

int32_t ctorch_col2im(const ctorch_tensor *input, int64_t height, int64_t width,
                      int64_t kernel_size, int64_t stride, int64_t padding, ctorch_tensor **out) {
  return guarded([&] {
    give(at::col2im(input->value, at::IntArrayRef({height, width}), {kernel_size, kernel_size},
                    /*dilation=*/{1, 1}, {padding, padding}, {stride, stride}),
         out);
  });
}

int32_t ctorch_bce_with_logits(const ctorch_tensor *logits, double target, ctorch_tensor **out) {
  return guarded([&] {
    const at::Tensor targets = at::full_like(logits->value, target);
    give(at::binary_cross_entropy_with_logits(logits->value, targets), out);
  });
}

int32_t ctorch_l1(const ctorch_tensor *left, const ctorch_tensor *right, ctorch_tensor **out) {
  return guarded([&] { give(at::l1_loss(left->value, right->value), out); });
}

int32_t ctorch_mse(const ctorch_tensor *left, const ctorch_tensor *right, ctorch_tensor **out) {
  return guarded([&] { give(at::mse_loss(left->value, right->value), out); });
}

int32_t ctorch_divide(const ctorch_tensor *left, const ctorch_tensor *right, ctorch_tensor **out) {
  return guarded([&] { give(at::div(left->value, right->value), out); });
}

int32_t ctorch_power(const ctorch_tensor *input, double exponent, ctorch_tensor **out) {
  return guarded([&] { give(at::pow(input->value, exponent), out); });
}

int32_t ctorch_sign(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] { give(at::sign(input->value), out); });
}

int32_t ctorch_sigmoid(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] { give(at::sigmoid(input->value), out); });
}

int32_t ctorch_softmax(const ctorch_tensor *input, ctorch_tensor **out) {
  return guarded([&] { give(at::softmax(input->value, -1), out); });
}

int32_t ctorch_batched_product(const ctorch_tensor *left, const ctorch_tensor *right,
                               ctorch_tensor **out) {
  return guarded([&] { give(at::bmm(left->value, right->value), out); });
}

int32_t ctorch_mean_over(const ctorch_tensor *input, const int64_t *dimensions, int32_t count,
                         ctorch_tensor **out) {
  return guarded([&] {
    give(at::mean(input->value, ctorch::shape_of(dimensions, count), /*keepdim=*/true), out);
  });
}

int32_t ctorch_flip(const ctorch_tensor *input, int64_t dimension, ctorch_tensor **out) {
  return guarded([&] { give(at::flip(input->value, {dimension}), out); });
}
