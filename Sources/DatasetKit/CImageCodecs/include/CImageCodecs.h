// JPEG, PNG and TIFF through libjpeg-turbo, libpng and libtiff.
//
// Memory in, memory out. All of one decode, from the library's first call to its last, happens
// inside one function here, so that no longjmp ever crosses a Swift frame and nothing is printed:
// what the libraries would print comes back in cimg_report. No function keeps state.
//
// Every function returns a cimg_status; the reason for anything but CIMG_OK is in report->message.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CIMG_OK = 0,
  CIMG_CORRUPT = 1,      // damaged, cut short, or not the format it starts like
  CIMG_UNSUPPORTED = 2,  // sound, but of a kind that is not read
  CIMG_TOO_LARGE = 3,    // more pixels than the limit
  CIMG_NO_MEMORY = 4,
} cimg_status;

enum { CIMG_MESSAGE_SIZE = 256 };

// What a call has to say besides its status. The callee writes both texts NUL-terminated.
typedef struct {
  char message[CIMG_MESSAGE_SIZE];  // why the call failed; empty on CIMG_OK
  char warning[CIMG_MESSAGE_SIZE];  // the first warning of the library; empty if none
  int32_t warning_count;
} cimg_report;

// What the file's header says, and what a decode of it delivers.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint32_t channels;     // as decoded: 1 grey, 3 RGB
  uint32_t source_bits;  // bits per sample in the file: 1, 2, 4 or 8
  uint32_t is_palette;   // 1 where colours come from a palette (decoded to RGB)
  uint32_t orientation;  // EXIF / TIFF orientation 1..8 still to be applied; 1 where none is given
                         // and where the EXIF block is broken
} cimg_info;

// Header only. `max_pixels` bounds width * height before anything is allocated.
int32_t cimg_probe_jpeg(const void *bytes, size_t size, uint64_t max_pixels, cimg_info *info,
                        cimg_report *report);
int32_t cimg_probe_png(const void *bytes, size_t size, uint64_t max_pixels, cimg_info *info,
                       cimg_report *report);
int32_t cimg_probe_tiff(const void *bytes, size_t size, uint64_t max_pixels, cimg_info *info,
                        cimg_report *report);

// Decodes the whole image into `pixels` (8-bit, HWC, rows from the top, not yet oriented).
// `capacity` must be exactly width * height * channels of the probe of the same bytes.
int32_t cimg_decode_jpeg(const void *bytes, size_t size, void *pixels, size_t capacity,
                         cimg_report *report);
int32_t cimg_decode_png(const void *bytes, size_t size, void *pixels, size_t capacity,
                        cimg_report *report);
int32_t cimg_decode_tiff(const void *bytes, size_t size, void *pixels, size_t capacity,
                         cimg_report *report);

// Encodes 8-bit HWC pixels, 1 or 3 channels. On CIMG_OK `*encoded` is owned by the caller and
// goes back with cimg_free. `quality` is libjpeg's, 1..100; chroma is not subsampled (4:4:4).
int32_t cimg_encode_jpeg(const void *pixels, uint32_t width, uint32_t height, uint32_t channels,
                         int32_t quality, void **encoded, size_t *encoded_size,
                         cimg_report *report);
// `level` is zlib's, 0..9.
int32_t cimg_encode_png(const void *pixels, uint32_t width, uint32_t height, uint32_t channels,
                        int32_t level, void **encoded, size_t *encoded_size, cimg_report *report);
void cimg_free(void *encoded);

// The version is the first word with a dot that starts with a digit, such as 2.1.5: of libjpeg-turbo
// as compiled against, of libpng and libtiff as running. Static strings.
const char *cimg_jpeg_version(void);
const char *cimg_png_version(void);
const char *cimg_tiff_version(void);

#ifdef __cplusplus
}
#endif

#endif
