// The loops for any processor.
#include "levels.h"
#include "vectors.h"

#define KERNEL(name) caug_##name##_portable
#include "kernels.h"
