// The library as a whole: errors, threads, random numbers, CUDA.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/GradMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <dlfcn.h>
#include <torch/headeronly/version.h>

#include <atomic>
#include <mutex>
#include <string>

#include "guarded.hpp"

using ctorch::guarded;

namespace {

thread_local std::string last_error;
std::atomic<int64_t> live_tensors{0};

int32_t cuda_device_count() {
  // Asked of the device's guard, which a loaded libtorch_cuda.so registers: `at::hasCUDA()` would
  // remember "no CUDA" for ever if it were asked before the library is loaded.
  if (!c10::impl::hasDeviceGuardImpl(at::kCUDA)) return 0;
  return c10::impl::getDeviceGuardImpl(at::kCUDA)->deviceCount();
}

void seed(at::Generator generator, uint64_t seed) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
}

// A reference to the generator, not a copy of it.
at::Generator default_generator(int32_t kind, int32_t index) {
  if (kind == CTORCH_CPU) return at::detail::getDefaultCPUGenerator();
  return at::globalContext().defaultGenerator(ctorch::device(kind, index));
}

// The folder of the libtorch in use, with a slash.
std::string library_folder() {
  Dl_info info;
  if (dladdr(reinterpret_cast<const void *>(&at::globalContext), &info) == 0) return "";
  const std::string path = info.dli_fname;
  return path.substr(0, path.rfind('/') + 1);
}

// Loads the CUDA half: true if it is there, false if this libtorch has none.
bool load_cuda() {
  if (c10::impl::hasDeviceGuardImpl(at::kCUDA)) return true;  // linked, or loaded before
  constexpr const char *name = "libtorch_cuda.so";
  const std::string beside = library_folder() + name;
  if (dlopen(beside.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return true;
  const char *reason = dlerror();
  const std::string text = reason == nullptr ? "" : reason;
  // A text that starts with the path itself is about that file: it is not there.
  if (text.rfind(beside + ": cannot open shared object file: No such file", 0) != 0) {
    TORCH_CHECK(false, "its CUDA half cannot be loaded: ", text);
  }
  return dlopen(name, RTLD_NOW | RTLD_GLOBAL) != nullptr;
}

}  // namespace

ctorch_tensor::ctorch_tensor(at::Tensor tensor) : value(std::move(tensor)) { ++live_tensors; }

ctorch_tensor::~ctorch_tensor() { --live_tensors; }

void ctorch::set_last_error(const char *text) noexcept {
  try {
    last_error = text;
  } catch (...) {
    last_error.clear();  // Out of memory: the status alone has to do.
  }
}

at::ScalarType ctorch::scalar_type(int32_t element_type) {
  switch (element_type) {
    case CTORCH_FLOAT32: return at::kFloat;
    case CTORCH_INT64: return at::kLong;
    case CTORCH_UINT8: return at::kByte;
  }
  TORCH_CHECK(false, "unknown element type ", element_type);
}

at::Device ctorch::device(int32_t kind, int32_t index) {
  TORCH_CHECK(kind == CTORCH_CPU || kind == CTORCH_CUDA, "unknown kind of device ", kind);
  if (kind == CTORCH_CPU) return at::Device(at::kCPU);
  return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

const char *ctorch_last_error(void) { return last_error.c_str(); }

int32_t ctorch_configuration(const char **out) {
  return guarded([&] {
    static const std::string text = at::show_config();
    *out = text.c_str();
  });
}

int32_t ctorch_header_version(const char **out) {
  *out = TORCH_VERSION;
  return 0;
}

int32_t ctorch_threads(int32_t *out) {
  return guarded([&] { *out = at::get_num_threads(); });
}

int32_t ctorch_set_threads(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

int32_t ctorch_load_cuda(int32_t *out) {
  return guarded([&] {
    static std::mutex mutex;
    const std::lock_guard<std::mutex> lock(mutex);
    *out = load_cuda() ? 1 : 0;
  });
}

int32_t ctorch_cuda_device_count(int32_t *out) {
  return guarded([&] { *out = cuda_device_count(); });
}

int32_t ctorch_seed(uint64_t value) {
  return guarded([&] {
    seed(default_generator(CTORCH_CPU, 0), value);
    for (int32_t index = 0; index < cuda_device_count(); ++index) {
      seed(default_generator(CTORCH_CUDA, index), value);
    }
  });
}

int32_t ctorch_generator_state(int32_t device_kind, int32_t device_index, ctorch_tensor **out) {
  return guarded([&] {
    at::Generator generator = default_generator(device_kind, device_index);
    const std::lock_guard<std::mutex> lock(generator.mutex());
    ctorch::give(generator.get_state(), out);
  });
}

int32_t ctorch_set_generator_state(int32_t device_kind, int32_t device_index,
                                   const ctorch_tensor *state) {
  return guarded([&] {
    at::Generator generator = default_generator(device_kind, device_index);
    const std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(state->value);
  });
}

int32_t ctorch_set_gradients_enabled(int32_t enabled, int32_t *out_previous) {
  return guarded([&] {
    *out_previous = c10::GradMode::is_enabled() ? 1 : 0;
    c10::GradMode::set_enabled(enabled != 0);
  });
}

int32_t ctorch_live_tensors(int64_t *out) {
  *out = live_tensors.load();
  return 0;
}
