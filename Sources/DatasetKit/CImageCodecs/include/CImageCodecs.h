// JPEG, PNG and TIFF through libjpeg-turbo, libpng and libtiff.
//
// Memory in, memory out. Each function here catches what the libraries throw (longjmp) before it
// returns, so that no longjmp ever crosses a Swift frame, and nothing is printed: what the
// libraries would print comes back in cimg_report. No function keeps state outside its arguments.
//
// Functions that return int32_t return a cimg_status; the reason for anything but CIMG_OK is in
// report->message.
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
  CIMG_TOO_LARGE = 3,    // more pixels, channels or bytes than the limit
  CIMG_NO_MEMORY = 4,
} cimg_status;

typedef enum { CIMG_JPEG = 0, CIMG_PNG = 1, CIMG_TIFF = 2 } cimg_format;

typedef enum {
  CIMG_GRAY = 0,          // the first channel is grey, black is 0
  CIMG_RGB = 1,           // the first three channels are red, green and blue
  CIMG_CMYK = 2,          // the first four channels are inks, no ink is 0
  CIMG_MULTICHANNEL = 3,  // nothing is known about what the channels mean
} cimg_color_model;

typedef enum { CIMG_U8 = 0, CIMG_U16 = 1, CIMG_F32 = 2 } cimg_sample_type;

enum {
  CIMG_MESSAGE_SIZE = 256,
  CIMG_CHANNEL_LIMIT = 64,    // the most channels that are read
  CIMG_BYTES_PER_PIXEL = 16,  // max_pixels times this bounds the bytes of a decoded image
};

// What a call has to say besides its status. It starts zeroed, is handed to all calls about one
// file, and ends with cimg_report_end.
typedef struct {
  char message[CIMG_MESSAGE_SIZE];  // why the call failed; empty on CIMG_OK
  char *warnings;                   // different warnings, each followed by NUL; NULL without any
  size_t warnings_size;             // bytes of them all
  int32_t warning_count;            // how many there were
  int32_t warnings_kept;            // how many of them are in `warnings`
} cimg_report;

void cimg_report_end(cimg_report *report);

typedef struct {
  uint64_t max_pixels;    // bounds width * height before anything is allocated
  uint32_t keeps_indices; // 1: see cimg_open
} cimg_options;

// What the file's header says, and what a decode of it delivers.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint32_t channels;     // as delivered: colours, then others, then alpha if there is any
  uint32_t color_model;  // cimg_color_model
  uint32_t has_alpha;    // 1 where the last channel is straight (not premultiplied) alpha
  uint32_t sample_type;  // cimg_sample_type, as delivered
  uint32_t source_bits;  // bits per sample in the file: 1..64
  uint32_t is_palette;   // 1 where the file holds indices into a palette
  uint32_t orientation;  // EXIF / TIFF orientation 1..8 still to be applied; 1 where none is given
                         // and where the EXIF block is broken
  uint32_t pages;        // pictures in the file: TIFF pages, APNG frames; the first is decoded
  uint32_t has_profile;  // 1 with an embedded ICC profile, which is not applied
} cimg_info;

typedef struct cimg_decoder cimg_decoder;

// Reads a header: CIMG_OK with `*decoder`, which goes back to cimg_close; else `*decoder` is NULL.
// `bytes` and `report` must outlive the decoder.
//
// What is delivered (native byte order, HWC, rows from the top, not yet oriented):
// * integers of 1..8 bits as U8 and of 9..16 bits as U16, scaled so that the largest value of so
//   many bits becomes 255 or 65535; other integers and all floats as F32, values as in the file;
// * palette colours as RGB, or RGBA where the palette has transparency. With `keeps_indices` the
//   indices instead, as one grey channel, and grey images of one channel of up to 8 bits with
//   their values as in the file: neither scaled nor inverted, transparent colours left alone.
int32_t cimg_open(cimg_format format, const void *bytes, size_t size, const cimg_options *options,
                  cimg_info *info, cimg_report *report, cimg_decoder **decoder);

// Decodes the whole image, once. `capacity` must be exactly what `info` promised:
// width * height * channels * bytes of a sample.
int32_t cimg_read(cimg_decoder *decoder, void *pixels, size_t capacity);

// `decoder` may be NULL.
void cimg_close(cimg_decoder *decoder);

// An image to be written: HWC, native byte order.
typedef struct {
  const void *pixels;
  uint32_t width;
  uint32_t height;
  uint32_t channels;
  uint32_t sample_type;  // cimg_sample_type
  uint32_t has_alpha;    // 1 where the last channel is straight alpha (TIFF only; PNG knows)
} cimg_picture;

// On CIMG_OK `*encoded` is owned by the caller and goes back with cimg_free.
//
// JPEG: U8, 1 or 3 channels. `quality` is libjpeg's, 1..100; chroma is not subsampled (4:4:4).
int32_t cimg_encode_jpeg(const cimg_picture *picture, int32_t quality, void **encoded,
                         size_t *encoded_size, cimg_report *report);
// The same with chroma at half the resolution along both axes (4:2:0).
int32_t cimg_encode_jpeg_420(const cimg_picture *picture, int32_t quality, void **encoded,
                             size_t *encoded_size, cimg_report *report);
// PNG: U8 or U16, 1..4 channels (grey, grey and alpha, RGB, RGBA). `level` is zlib's, 0..9.
int32_t cimg_encode_png(const cimg_picture *picture, int32_t level, void **encoded,
                        size_t *encoded_size, cimg_report *report);
// TIFF: anything, deflated. 3 channels (4 with alpha) are RGB, others are grey and extra samples.
int32_t cimg_encode_tiff(const cimg_picture *picture, int32_t level, void **encoded,
                         size_t *encoded_size, cimg_report *report);
void cimg_free(void *encoded);

// The version is the first word with a dot that starts with a digit, such as 2.1.5: of
// libjpeg-turbo as compiled against, of libpng and libtiff as running. Static strings.
const char *cimg_jpeg_version(void);
const char *cimg_png_version(void);
const char *cimg_tiff_version(void);

#ifdef __cplusplus
}
#endif

#endif
