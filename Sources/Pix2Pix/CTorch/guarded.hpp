// What every file of the shim needs: the handle, and the guard that no exception passes.
#ifndef CTORCH_GUARDED_HPP
#define CTORCH_GUARDED_HPP

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "include/CTorch.h"

// What a handle points to. Counted, so that tests can ask for leaks.
struct ctorch_tensor {
  explicit ctorch_tensor(at::Tensor tensor);
  ~ctorch_tensor();
  ctorch_tensor(const ctorch_tensor &) = delete;
  ctorch_tensor &operator=(const ctorch_tensor &) = delete;

  at::Tensor value;
};

namespace ctorch {

// Keeps the text for `ctorch_last_error`; never throws.
void set_last_error(const char *text) noexcept;

// Runs the body of a border function: 0, or 1 and a text.
template <typename Body>
int32_t guarded(Body &&body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error &error) {
    set_last_error(error.what());
  } catch (const std::exception &error) {
    set_last_error(error.what());
  } catch (...) {
    set_last_error("unknown C++ exception");
  }
  return 1;
}

// Hands a tensor out: the caller owns the handle.
inline void give(at::Tensor value, ctorch_tensor **out) {
  *out = new ctorch_tensor(std::move(value));
}

// A handle that may be null as libtorch's optional tensor.
inline std::optional<at::Tensor> optional(const ctorch_tensor *tensor) {
  return tensor == nullptr ? std::nullopt : std::make_optional(tensor->value);
}

// The tensors of an array of handles.
inline std::vector<at::Tensor> tensors(const ctorch_tensor *const *handles, int32_t count) {
  std::vector<at::Tensor> values;
  values.reserve(count);
  for (int32_t index = 0; index < count; ++index) values.push_back(handles[index]->value);
  return values;
}

inline at::IntArrayRef shape_of(const int64_t *shape, int32_t rank) {
  return at::IntArrayRef(shape, static_cast<size_t>(rank));
}

at::ScalarType scalar_type(int32_t element_type);
at::Device device(int32_t kind, int32_t index);

}  // namespace ctorch

#endif  // CTORCH_GUARDED_HPP
