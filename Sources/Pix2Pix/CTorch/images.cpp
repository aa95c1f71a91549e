// Operations on batches of images: one libtorch call each.
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/pixel_shuffle.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_nearest2d.h>

#include "guarded.hpp"

using ctorch::give;
using ctorch::guarded;

int32_t ctorch_pad2d(const ctorch_tensor *input, int64_t left, int64_t right, int64_t top,
                     int64_t bottom, ctorch_tensor **out) {
  return guarded([&] {
    give(at::constant_pad_nd(input->value, {left, right, top, bottom}, 0), out);
  });
}

int32_t ctorch_upsample_nearest2d(const ctorch_tensor *input, int64_t factor,
                                  ctorch_tensor **out) {
  return guarded([&] {
    const int64_t height = input->value.size(2) * factor;
    const int64_t width = input->value.size(3) * factor;
    give(at::upsample_nearest2d(input->value, at::IntArrayRef({height, width})), out);
  });
}

int32_t ctorch_upsample_bilinear2d(const ctorch_tensor *input, int64_t factor,
                                   ctorch_tensor **out) {
  return guarded([&] {
    const int64_t height = input->value.size(2) * factor;
    const int64_t width = input->value.size(3) * factor;
    give(at::upsample_bilinear2d(input->value, at::IntArrayRef({height, width}),
                                 /*align_corners=*/false),
         out);
  });
}

int32_t ctorch_pixel_shuffle(const ctorch_tensor *input, int64_t factor, ctorch_tensor **out) {
  return guarded([&] { give(at::pixel_shuffle(input->value, factor), out); });
}

int32_t ctorch_halve(const ctorch_tensor *input, int64_t padding_height, int64_t padding_width,
                     ctorch_tensor **out) {
  return guarded([&] {
    give(at::avg_pool2d(input->value, {2, 2}, {2, 2}, {padding_height, padding_width}), out);
  });
}
