// Linear algebra over arrays of doubles, on the CPU: one libtorch call each.
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_svdvals.h>
#include <ATen/ops/mm.h>

#include <cstring>

#include "guarded.hpp"

using ctorch::guarded;

namespace {

// A matrix that shares the caller's elements, which nothing here changes.
at::Tensor matrix(const double *elements, int64_t rows, int64_t columns) {
  return at::from_blob(const_cast<double *>(elements), {rows, columns}, at::kDouble);
}

void copy(const at::Tensor &source, double *out) {
  const at::Tensor elements = source.contiguous();
  std::memcpy(out, elements.const_data_ptr(), elements.nbytes());
}

}  // namespace

int32_t ctorch_doubles_product(const double *left, const double *right, int64_t rows, int64_t inner,
                               int64_t columns, double *out) {
  return guarded([&] {
    at::Tensor product = at::from_blob(out, {rows, columns}, at::kDouble);
    at::mm_out(product, matrix(left, rows, inner), matrix(right, inner, columns));
  });
}

int32_t ctorch_doubles_symmetric_eigen(const double *elements, int64_t size, double *out_values,
                                       double *out_vectors) {
  return guarded([&] {
    const auto [values, vectors] = at::linalg_eigh(matrix(elements, size, size));
    copy(values, out_values);
    copy(vectors, out_vectors);
  });
}

int32_t ctorch_doubles_singular_values(const double *elements, int64_t rows, int64_t columns,
                                       double *out) {
  return guarded([&] { copy(at::linalg_svdvals(matrix(elements, rows, columns)), out); });
}
