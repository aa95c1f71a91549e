// Reading JPEG through libjpeg-turbo.
#include <stdlib.h>
#include <string.h>

#include "decoder.h"
#include "jpeg_errors.h"

typedef struct {
  cimg_decoder base;
  struct jpeg_decompress_struct jpeg;
  struct jpeg_progress_mgr progress;
  jpeg_errors errors;
} jpeg_decoder;

// A few bytes can ask for thousands of passes over a large image; real files have about ten.
static void limit_scans(j_common_ptr common) {
  enum { SCAN_LIMIT = 500 };
  if (((j_decompress_ptr)common)->input_scan_number <= SCAN_LIMIT) return;
  jpeg_errors *errors = (jpeg_errors *)common->err;
  errors->status = cimg_fail(errors->report, CIMG_CORRUPT,
                             "damaged JPEG: more than %d scans", SCAN_LIMIT);
  longjmp(errors->jump, 1);
}

// MARK: - Header

static bool starts_with(jpeg_saved_marker_ptr marker, const char *start, size_t length) {
  return marker->data_length >= length && memcmp(marker->data, start, length) == 0;
}

// What the markers before the first scan say: the first orientation, and whether there is a profile.
static void read_markers(const struct jpeg_decompress_struct *jpeg, cimg_info *info) {
  bool has_exif = false;
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker; marker = marker->next) {
    if (marker->marker == JPEG_APP0 + 1 && !has_exif && starts_with(marker, "Exif\0\0", 6)) {
      info->orientation = cimg_exif_orientation(marker->data, marker->data_length);
      has_exif = true;
    }
    if (marker->marker == JPEG_APP0 + 2 && starts_with(marker, "ICC_PROFILE", 12)) {
      info->has_profile = 1;
    }
  }
}

// libjpeg's own guess at the file's colours stands, as it does in Pillow.
static int32_t choose_colors(struct jpeg_decompress_struct *jpeg, cimg_info *info,
                             cimg_report *report) {
  switch (jpeg->num_components) {
    case 1:
      info->color_model = CIMG_GRAY;
      jpeg->out_color_space = JCS_GRAYSCALE;
      return CIMG_OK;
    case 3:
      info->color_model = CIMG_RGB;
      jpeg->out_color_space = JCS_RGB;
      return CIMG_OK;
    case 4:
      info->color_model = CIMG_CMYK;
      jpeg->out_color_space = JCS_CMYK;
      return CIMG_OK;
    default:
      return cimg_fail(report, CIMG_UNSUPPORTED,
                       "a JPEG with %d channels, whose colours are not known: "
                       "convert it to PNG or TIFF first", jpeg->num_components);
  }
}

// Reads up to the first scan.
static int32_t read_header(jpeg_decoder *decoder) {
  if (setjmp(decoder->errors.jump)) return decoder->errors.status;
  enum { ICC_MARK = 14 };  // "ICC_PROFILE\0" and a number: the profile itself is of no use
  struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
  cimg_report *report = decoder->base.report;
  jpeg_create_decompress(jpeg);
  decoder->progress.progress_monitor = limit_scans;
  jpeg->progress = &decoder->progress;
  jpeg_mem_src(jpeg, decoder->base.bytes, decoder->base.size);
  jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_save_markers(jpeg, JPEG_APP0 + 2, ICC_MARK);
  jpeg_read_header(jpeg, TRUE);

  int32_t status = cimg_check_size(jpeg->image_width, jpeg->image_height,
                                   decoder->base.options.max_pixels, report);
  if (status != CIMG_OK) return status;
  if (jpeg->data_precision != 8) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "a JPEG with %d-bit samples; the installed libjpeg reads 8 bits: "
                     "convert it to PNG or TIFF first", jpeg->data_precision);
  }
  decoder->base.info = (cimg_info){
      .width = jpeg->image_width,
      .height = jpeg->image_height,
      .channels = (uint32_t)jpeg->num_components,
      .sample_type = CIMG_U8,
      .source_bits = 8,
      .orientation = 1,
      .pages = 1,
  };
  read_markers(jpeg, &decoder->base.info);
  return choose_colors(jpeg, &decoder->base.info, report);
}

// MARK: - Pixels

// A JPEG may end, in good order, before all of its scans were sent. Without any scan of a
// component its samples are invented. A progressive JPEG without its last scans is a picture,
// only a coarser one: Pillow and browsers show it, so it is read, with a warning.
static int32_t check_scans(const struct jpeg_decompress_struct *jpeg, cimg_report *report) {
  bool complete = true;
  for (int c = 0; c < jpeg->num_components; c++) {
    // libjpeg takes a component's quantization table when it meets its first scan.
    if (!jpeg->progressive_mode && !jpeg->comp_info[c].quant_table) {
      return cimg_fail(report, CIMG_CORRUPT, "damaged JPEG: no scan for channel %d of %d", c + 1,
                       jpeg->num_components);
    }
    // Bits still missing of each coefficient: -1 none seen, 0 all seen.
    for (int k = 0; jpeg->coef_bits && k < DCTSIZE2; k++) {
      complete = complete && jpeg->coef_bits[c][k] == 0;
    }
  }
  if (!complete) {
    cimg_warn(report, "progressive JPEG without all of its scans: "
                      "the picture is coarser than it was meant to be");
  }
  return CIMG_OK;
}

// Photoshop stores inks inverted, and so does everybody else: Pillow inverts all CMYK JPEGs,
// with and without an Adobe marker.
static void invert(uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)~bytes[i];
}

static int32_t read_pixels(cimg_decoder *base, void *pixels) {
  enum { ROWS = 16 };  // what libjpeg has ready at most: two rows of blocks
  jpeg_decoder *decoder = (jpeg_decoder *)base;
  if (setjmp(decoder->errors.jump)) return decoder->errors.status;
  struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
  size_t row_bytes = (size_t)base->info.width * base->info.channels;
  jpeg->dct_method = JDCT_ISLOW;
  jpeg->do_fancy_upsampling = TRUE;
  jpeg_start_decompress(jpeg);
  while (jpeg->output_scanline < jpeg->output_height) {
    JSAMPROW rows[ROWS];
    uint8_t *first = (uint8_t *)pixels + jpeg->output_scanline * row_bytes;
    JDIMENSION left = jpeg->output_height - jpeg->output_scanline;
    JDIMENSION wanted = left < ROWS ? left : ROWS;
    for (JDIMENSION i = 0; i < wanted; i++) rows[i] = first + i * row_bytes;
    JDIMENSION got = jpeg_read_scanlines(jpeg, rows, wanted);
    if (got == 0) {
      return cimg_fail(base->report, CIMG_CORRUPT, "damaged JPEG: ends after row %u of %u",
                       jpeg->output_scanline, jpeg->output_height);
    }
    if (base->info.color_model == CIMG_CMYK) invert(first, got * row_bytes);
  }
  int32_t status = check_scans(jpeg, base->report);
  // Reads on to the end marker: a file without one was cut.
  if (status == CIMG_OK) jpeg_finish_decompress(jpeg);
  return status;
}

// MARK: - Border

static void close_decoder(cimg_decoder *base) {
  jpeg_decoder *decoder = (jpeg_decoder *)base;
  jpeg_destroy_decompress(&decoder->jpeg);
  free(decoder);
}

int32_t cimg_jpeg_open(const cimg_decoder *base, cimg_decoder **opened) {
  jpeg_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return cimg_fail(base->report, CIMG_NO_MEMORY, "out of memory");
  decoder->base = *base;
  decoder->base.read = read_pixels;
  decoder->base.close = close_decoder;
  decoder->jpeg.err = jpeg_errors_begin(&decoder->errors, base->report);
  *opened = &decoder->base;
  return read_header(decoder);
}
