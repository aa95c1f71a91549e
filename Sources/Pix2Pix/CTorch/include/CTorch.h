// A thin C border over libtorch: tensors, the operations that two networks need, the optimisers'
// steps. It decides nothing: no defaults, no networks, no training.
//
// Rules of the border:
// - Every function returns 0 if it worked; otherwise `ctorch_last_error` tells why, on the same
//   thread, until that thread's next failing call. `ctorch_tensor_free` cannot fail.
// - Results come by out-parameter, last. A `ctorch_tensor **out` receives a new handle that the
//   caller owns and gives back to `ctorch_tensor_free`. Where a call fails, `*out` is not touched.
// - Handles and arrays passed in stay the caller's. `const ctorch_tensor *` says whose handle it
//   is, not that libtorch leaves the elements alone: what changes elements is named `..._` as in
//   libtorch.
// - Nothing throws past the border, nothing calls back.
#ifndef CTORCH_H
#define CTORCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A reference to a tensor. Several handles may share one storage.
typedef struct ctorch_tensor ctorch_tensor;

// Element types.
enum {
  CTORCH_FLOAT32 = 0,
  CTORCH_INT64 = 1,
  CTORCH_UINT8 = 2,
};

// Kinds of device.
enum {
  CTORCH_CPU = 0,
  CTORCH_CUDA = 1,
};

// ---- runtime.cpp: the library as a whole ---------------------------------------------------

// The text of this thread's last error: first line the message, then details. Owned by the
// library, valid until this thread's next failing call. Never null.
const char *ctorch_last_error(void);

// How the loaded libtorch was built, several lines. Owned by the library, for ever.
int32_t ctorch_configuration(const char **out);
// The version of the headers that this shim was compiled with, such as "2.13.0". As above.
int32_t ctorch_header_version(const char **out);

// Threads that one operation may use.
int32_t ctorch_threads(int32_t *out);
int32_t ctorch_set_threads(int32_t count);

// Loads libtorch_cuda.so, once, where the libtorch in use comes with one; `*out` is 1 if it is
// there now and 0 if this libtorch has none. Fails with the loader's text if it cannot be loaded.
// Must come before the first work on tensors: libtorch looks for devices once.
int32_t ctorch_load_cuda(int32_t *out);
// CUDA devices that can be used; 0 without CUDA.
int32_t ctorch_cuda_device_count(int32_t *out);

// Seeds the default random number generators: the CPU's, and each CUDA device's in use.
int32_t ctorch_seed(uint64_t seed);
// A copy of a default generator's state, uint8 on the CPU; and back.
int32_t ctorch_generator_state(int32_t device_kind, int32_t device_index, ctorch_tensor **out);
int32_t ctorch_set_generator_state(int32_t device_kind, int32_t device_index,
                                   const ctorch_tensor *state);

// Whether this thread's operations are recorded for gradients; sets it and gives the old value.
int32_t ctorch_set_gradients_enabled(int32_t enabled, int32_t *out_previous);

// Handles that were handed out and not yet freed, in the whole process.
int32_t ctorch_live_tensors(int64_t *out);

// ---- tensor.cpp: making, reading and describing tensors ------------------------------------

// `shape` has `rank` dimensions, outermost first.
int32_t ctorch_tensor_full(const int64_t *shape, int32_t rank, double value, int32_t element_type,
                           int32_t device_kind, int32_t device_index, ctorch_tensor **out);
// Copies `byte_count` bytes, C order, which must be exactly what the shape takes.
int32_t ctorch_tensor_from_bytes(const void *bytes, size_t byte_count, const int64_t *shape,
                                 int32_t rank, int32_t element_type, int32_t device_kind,
                                 int32_t device_index, ctorch_tensor **out);
void ctorch_tensor_free(ctorch_tensor *tensor);

// The elements as C-order bytes on the CPU, copied only where they are not so already: `*out`
// owns them, `*out_bytes` points into it and lives as long as it.
int32_t ctorch_tensor_bytes(const ctorch_tensor *tensor, ctorch_tensor **out,
                            const void **out_bytes, size_t *out_byte_count);

int32_t ctorch_tensor_rank(const ctorch_tensor *tensor, int32_t *out);
// Writes `rank` dimensions to `out`, an array of the caller's.
int32_t ctorch_tensor_shape(const ctorch_tensor *tensor, int32_t rank, int64_t *out);
// Fails for types that are not listed above.
int32_t ctorch_tensor_element_type(const ctorch_tensor *tensor, int32_t *out);
int32_t ctorch_tensor_device(const ctorch_tensor *tensor, int32_t *out_kind, int32_t *out_index);
// The only element of a tensor of one element.
int32_t ctorch_tensor_item(const ctorch_tensor *tensor, double *out);

// The same tensor if it is there already, otherwise a copy.
int32_t ctorch_tensor_to_device(const ctorch_tensor *tensor, int32_t device_kind,
                                int32_t device_index, ctorch_tensor **out);
int32_t ctorch_tensor_clone(const ctorch_tensor *tensor, ctorch_tensor **out);
// Overwrites elements, without recording it. `source` has the same shape; devices may differ.
int32_t ctorch_tensor_copy_(const ctorch_tensor *tensor, const ctorch_tensor *source);
// Overwrites elements with draws from the normal distribution, without recording it.
int32_t ctorch_tensor_normal_(const ctorch_tensor *tensor, double mean, double deviation);
// The same from the uniform distribution over 0...1, without 1.
int32_t ctorch_tensor_uniform_(const ctorch_tensor *tensor);
// Overwrites every element, or adds to it, without recording it.
int32_t ctorch_tensor_fill_(const ctorch_tensor *tensor, double value);
int32_t ctorch_tensor_add_integer_(const ctorch_tensor *tensor, int64_t value);

// The same elements without the history of their making.
int32_t ctorch_tensor_detach(const ctorch_tensor *tensor, ctorch_tensor **out);
int32_t ctorch_tensor_requires_gradient(const ctorch_tensor *tensor, int32_t *out);
int32_t ctorch_tensor_set_requires_gradient(const ctorch_tensor *tensor, int32_t required);
// The gradient that `ctorch_tensor_backward` left; `*out` is null if there is none.
int32_t ctorch_tensor_gradient(const ctorch_tensor *tensor, ctorch_tensor **out);
int32_t ctorch_tensor_clear_gradient(const ctorch_tensor *tensor);
// Adds the gradients of a scalar to all tensors that require one and took part in making it.
int32_t ctorch_tensor_backward(const ctorch_tensor *tensor);
// The gradient of the sum of `output` with respect to `input`, which took part in making it:
// recorded in its turn, so that it has gradients of its own. The history of `output` is kept.
int32_t ctorch_gradient_of_sum(const ctorch_tensor *output, const ctorch_tensor *input,
                               ctorch_tensor **out);

// ---- ops.cpp: operations, recorded for gradients -------------------------------------------

// Input [N, C, H, W], weight [out, in, k, k]; `bias` may be null. The same numbers serve both
// dimensions.
int32_t ctorch_conv2d(const ctorch_tensor *input, const ctorch_tensor *weight,
                      const ctorch_tensor *bias, int64_t stride, int64_t padding,
                      ctorch_tensor **out);
// Weight [in, out, k, k].
int32_t ctorch_conv_transpose2d(const ctorch_tensor *input, const ctorch_tensor *weight,
                                const ctorch_tensor *bias, int64_t stride, int64_t padding,
                                int64_t output_padding, ctorch_tensor **out);
// [N, C, H, W] with `padding` pixels more on each side, mirrored at the edge pixels.
int32_t ctorch_reflection_pad2d(const ctorch_tensor *input, int64_t padding, ctorch_tensor **out);
// `running_mean` and `running_variance` may both be null. With `training`, the batch's own
// statistics are used and the running ones, if given, are moved towards them by `momentum`.
int32_t ctorch_batch_norm(const ctorch_tensor *input, const ctorch_tensor *weight,
                          const ctorch_tensor *bias, const ctorch_tensor *running_mean,
                          const ctorch_tensor *running_variance, int32_t training,
                          double momentum, double epsilon, ctorch_tensor **out);
// Each channel of each image to mean 0 and variance 1, then scaled and shifted by `weight` and `bias`
// ([C], or null for neither).
int32_t ctorch_instance_norm(const ctorch_tensor *input, const ctorch_tensor *weight,
                             const ctorch_tensor *bias, double epsilon, ctorch_tensor **out);
// Zeroes elements with the given probability and scales the others up.
int32_t ctorch_dropout(const ctorch_tensor *input, double probability, ctorch_tensor **out);

int32_t ctorch_leaky_relu(const ctorch_tensor *input, double slope, ctorch_tensor **out);
int32_t ctorch_relu(const ctorch_tensor *input, ctorch_tensor **out);
int32_t ctorch_leaky_relu_(const ctorch_tensor *tensor, double slope);
int32_t ctorch_relu_(const ctorch_tensor *tensor);
int32_t ctorch_tanh(const ctorch_tensor *input, ctorch_tensor **out);

int32_t ctorch_add(const ctorch_tensor *left, const ctorch_tensor *right, ctorch_tensor **out);
int32_t ctorch_subtract(const ctorch_tensor *left, const ctorch_tensor *right,
                        ctorch_tensor **out);
int32_t ctorch_multiply(const ctorch_tensor *left, const ctorch_tensor *right,
                        ctorch_tensor **out);
int32_t ctorch_scale(const ctorch_tensor *input, double factor, ctorch_tensor **out);
int32_t ctorch_add_number(const ctorch_tensor *input, double number, ctorch_tensor **out);
int32_t ctorch_sqrt(const ctorch_tensor *input, ctorch_tensor **out);
int32_t ctorch_mean(const ctorch_tensor *input, ctorch_tensor **out);
// [N, ...] to [N]: the Euclidean norm of each entry's elements, and their standard deviation around
// their mean (divided by their number).
int32_t ctorch_norm_of_entries(const ctorch_tensor *input, ctorch_tensor **out);
int32_t ctorch_deviation_of_entries(const ctorch_tensor *input, ctorch_tensor **out);

// Joins `count` tensors along an existing dimension, or along a new first one.
int32_t ctorch_concatenate(const ctorch_tensor *const *tensors, int32_t count, int64_t dimension,
                           ctorch_tensor **out);
int32_t ctorch_stack(const ctorch_tensor *const *tensors, int32_t count, ctorch_tensor **out);
// `length` entries of one dimension, sharing the elements.
int32_t ctorch_narrow(const ctorch_tensor *input, int64_t dimension, int64_t start, int64_t length,
                      ctorch_tensor **out);
int32_t ctorch_reshape(const ctorch_tensor *input, const int64_t *shape, int32_t rank,
                       ctorch_tensor **out);

// The same elements with two dimensions exchanged.
int32_t ctorch_transpose(const ctorch_tensor *input, int64_t first, int64_t second,
                         ctorch_tensor **out);
// [a, b] times [b, c].
int32_t ctorch_matrix_product(const ctorch_tensor *left, const ctorch_tensor *right,
                              ctorch_tensor **out);
// [N, C, H, W] to the k x k patches around each position, [N, C k k, positions], with zeros
// outside; and the sum of such patches in an image of the given size.
int32_t ctorch_im2col(const ctorch_tensor *input, int64_t kernel_size, int64_t stride,
                      int64_t padding, ctorch_tensor **out);
int32_t ctorch_col2im(const ctorch_tensor *input, int64_t height, int64_t width,
                      int64_t kernel_size, int64_t stride, int64_t padding, ctorch_tensor **out);

// Mean binary cross entropy of logits against one constant target in 0...1; a scalar.
int32_t ctorch_bce_with_logits(const ctorch_tensor *logits, double target, ctorch_tensor **out);
// Mean absolute difference; a scalar.
int32_t ctorch_l1(const ctorch_tensor *left, const ctorch_tensor *right, ctorch_tensor **out);

// Mean squared difference; a scalar.
int32_t ctorch_mse(const ctorch_tensor *left, const ctorch_tensor *right, ctorch_tensor **out);

int32_t ctorch_divide(const ctorch_tensor *left, const ctorch_tensor *right, ctorch_tensor **out);
int32_t ctorch_power(const ctorch_tensor *input, double exponent, ctorch_tensor **out);
// -1, 0 or 1 for each element; without a gradient.
int32_t ctorch_sign(const ctorch_tensor *input, ctorch_tensor **out);
int32_t ctorch_sigmoid(const ctorch_tensor *input, ctorch_tensor **out);
// Along the last dimension.
int32_t ctorch_softmax(const ctorch_tensor *input, ctorch_tensor **out);
// [N, a, b] times [N, b, c].
int32_t ctorch_batched_product(const ctorch_tensor *left, const ctorch_tensor *right,
                               ctorch_tensor **out);
// The mean over some dimensions, which stay with a length of 1.
int32_t ctorch_mean_over(const ctorch_tensor *input, const int64_t *dimensions, int32_t count,
                         ctorch_tensor **out);
// In the reverse order along one dimension.
int32_t ctorch_flip(const ctorch_tensor *input, int64_t dimension, ctorch_tensor **out);

// ---- images.cpp: operations on [N, C, H, W], recorded for gradients ------------------------

// Zeros around each image; negative numbers cut off.
int32_t ctorch_pad2d(const ctorch_tensor *input, int64_t left, int64_t right, int64_t top,
                     int64_t bottom, ctorch_tensor **out);
// Each pixel `factor` x `factor` times.
int32_t ctorch_upsample_nearest2d(const ctorch_tensor *input, int64_t factor, ctorch_tensor **out);
// `factor` times the size, between the pixels' centres (align_corners false).
int32_t ctorch_upsample_bilinear2d(const ctorch_tensor *input, int64_t factor, ctorch_tensor **out);
// [N, C f f, H, W] to [N, C, f H, f W]: the channels of a pixel become f x f pixels.
int32_t ctorch_pixel_shuffle(const ctorch_tensor *input, int64_t factor, ctorch_tensor **out);
// The mean of each 2x2 pixels, with `padding_height` and `padding_width` zeros on each side, which
// count.
int32_t ctorch_halve(const ctorch_tensor *input, int64_t padding_height, int64_t padding_width,
                     ctorch_tensor **out);

// ---- optimizer.cpp: without recording ------------------------------------------------------

// One step of Adam over `count` parameters that have a gradient (others stay as they are, with
// their moments), fused: `averages` and `square_averages` are shaped like the parameters, `steps`
// are float32 scalars on the same device and are counted up. The weight decay is added to the
// gradients.
int32_t ctorch_fused_adam_(const ctorch_tensor *const *parameters,
                           const ctorch_tensor *const *averages,
                           const ctorch_tensor *const *square_averages,
                           const ctorch_tensor *const *steps, int32_t count, double learning_rate,
                           double beta1, double beta2, double epsilon, double weight_decay);
// The same of AdamW: the weight decay is taken off the parameters.
int32_t ctorch_fused_adamw_(const ctorch_tensor *const *parameters,
                            const ctorch_tensor *const *averages,
                            const ctorch_tensor *const *square_averages,
                            const ctorch_tensor *const *steps, int32_t count, double learning_rate,
                            double beta1, double beta2, double epsilon, double weight_decay);
// Scales the gradients of all parameters that have one so that their norm together is at most
// `maximum`, as PyTorch's `clip_grad_norm_`.
int32_t ctorch_clip_gradients_(const ctorch_tensor *const *parameters, int32_t count,
                               double maximum);
// Brings the elements of each tensor to -limit...limit.
int32_t ctorch_clamp_(const ctorch_tensor *const *tensors, int32_t count, double limit);
// Moves each tensor towards another: 0 not at all, 1 all the way.
int32_t ctorch_lerp_(const ctorch_tensor *const *tensors, const ctorch_tensor *const *ends,
                     int32_t count, double weight);

// ---- windows.cpp: what pretrained networks do with [N, C, H, W], recorded for gradients --------

// As `ctorch_conv2d`, with a kernel [out, in, a, b] and a padding for each dimension.
int32_t ctorch_conv2d_oblong(const ctorch_tensor *input, const ctorch_tensor *weight,
                             const ctorch_tensor *bias, int64_t stride, int64_t padding_height,
                             int64_t padding_width, ctorch_tensor **out);
// The largest element of each window of `size` x `size`. With `rounds_up`, windows that lie partly
// beyond the bottom and the right edge count too.
int32_t ctorch_max_pool2d(const ctorch_tensor *input, int64_t size, int64_t stride,
                          int64_t padding, int32_t rounds_up, ctorch_tensor **out);
// The mean of each window; with `counts_padding`, zeros outside are elements of it.
int32_t ctorch_average_pool2d(const ctorch_tensor *input, int64_t size, int64_t stride,
                              int64_t padding, int32_t rounds_up, int32_t counts_padding,
                              ctorch_tensor **out);
// The means of `height` x `width` parts that cover the image.
int32_t ctorch_adaptive_average_pool2d(const ctorch_tensor *input, int64_t height, int64_t width,
                                       ctorch_tensor **out);
// To a size, between the pixels' centres (align_corners false), without smoothing.
int32_t ctorch_resize_bilinear2d(const ctorch_tensor *input, int64_t height, int64_t width,
                                 ctorch_tensor **out);
// The channels of each pixel, divided by their Euclidean norm and epsilon.
int32_t ctorch_normalize_channels(const ctorch_tensor *input, double epsilon, ctorch_tensor **out);

// ---- linear_algebra.cpp: arrays of doubles on the CPU, row after row ------------------------

// Arrays are the caller's, those of results too, and have room for what is said.
// [rows, inner] times [inner, columns]: `out` has [rows, columns].
int32_t ctorch_doubles_product(const double *left, const double *right, int64_t rows, int64_t inner,
                               int64_t columns, double *out);
// Of a symmetric matrix [size, size]: `out_values` has [size], ascending, `out_vectors`
// [size, size], an eigenvector in each column.
int32_t ctorch_doubles_symmetric_eigen(const double *elements, int64_t size, double *out_values,
                                       double *out_vectors);
// `out` has the smaller of `rows` and `columns`, descending.
int32_t ctorch_doubles_singular_values(const double *elements, int64_t rows, int64_t columns,
                                       double *out);

#ifdef __cplusplus
}
#endif

#endif  // CTORCH_H
