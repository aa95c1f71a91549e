// libdeflate: zlib's CRC-32, several times faster than zlib computes it.
#include <libdeflate.h>
