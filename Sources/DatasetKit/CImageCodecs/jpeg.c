// JPEG through libjpeg-turbo.
//
// libjpeg goes on where a file is damaged: it warns and fills the rest of the picture with grey.
// Here such a warning ends the decode (see `invents_pixels`).
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
// After jpeglib.h.
#include <jerror.h>

#include "support.h"

// MARK: - Errors

typedef struct {
  struct jpeg_error_mgr manager;  // first, so that libjpeg's pointer to it is one to this
  jmp_buf jump;
  int32_t status;
  cimg_report *report;
} jpeg_errors;

static int32_t status_of(int code) {
  switch (code) {
    case JERR_OUT_OF_MEMORY:
      return CIMG_NO_MEMORY;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      return CIMG_TOO_LARGE;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
      return CIMG_UNSUPPORTED;
    default:
      return CIMG_CORRUPT;
  }
}

// The warnings after which some pixels are not those of the file. The others (bytes between
// segments, odd JFIF or Adobe numbers, an odd order of scans) leave the pixels as they were.
static bool invents_pixels(int code) {
  switch (code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
      return true;
    default:
      return false;
  }
}

static void fail_and_jump(j_common_ptr common) {
  jpeg_errors *errors = (jpeg_errors *)common->err;
  int code = common->err->msg_code, parameter = common->err->msg_parm.i[0];
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  errors->status = status_of(code);
  if (code == JERR_SOF_UNSUPPORTED) {
    bool lossless = parameter == 0xc3 || parameter == 0xc7 || parameter == 0xcb;
    cimg_fail(errors->report, errors->status,
              "a %s JPEG (SOF marker 0x%02x), which is not read: convert it to PNG first",
              lossless ? "lossless" : "hierarchical", (unsigned)parameter);
  } else if (code == JERR_BAD_PRECISION) {
    cimg_fail(errors->report, errors->status,
              "%d-bit samples; this version reads 8-bit images: convert it to 8 bits first",
              parameter);
  } else if (errors->status == CIMG_CORRUPT) {
    cimg_fail(errors->report, errors->status, "damaged JPEG: %s", text);
  } else {
    cimg_fail(errors->report, errors->status, "%s", text);
  }
  longjmp(errors->jump, 1);
}

// True in a scan that only refines a progressive picture: where its data end too early, in good
// order at a marker, the picture is coarser than it was meant to be, but none of it is made up.
// A file that was cut has no such marker and fails with JWRN_JPEG_EOF.
static bool is_refining(j_common_ptr common) {
  if (!common->is_decompressor) return false;
  j_decompress_ptr jpeg = (j_decompress_ptr)common;
  return jpeg->progressive_mode && (jpeg->Ss > 0 || jpeg->Ah > 0);
}

static void note_message(j_common_ptr common, int level) {
  if (level >= 0) return;  // a trace message
  common->err->num_warnings += 1;
  int code = common->err->msg_code;
  bool forgiven = code == JWRN_HIT_MARKER && is_refining(common);
  if (invents_pixels(code) && !forgiven) fail_and_jump(common);
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  cimg_warn(((jpeg_errors *)common->err)->report, "%s", text);
}

static void print_nothing(j_common_ptr common) {
  (void)common;
}

static struct jpeg_error_mgr *errors_begin(jpeg_errors *errors, cimg_report *report) {
  jpeg_std_error(&errors->manager);
  errors->manager.error_exit = fail_and_jump;
  errors->manager.emit_message = note_message;
  errors->manager.output_message = print_nothing;
  errors->status = CIMG_OK;
  errors->report = report;
  return &errors->manager;
}

// MARK: - Reading

typedef struct {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_progress_mgr progress;
  jpeg_errors errors;
} jpeg_reader;

// A few bytes can ask for thousands of passes over a large image; real files have about ten.
static void limit_scans(j_common_ptr common) {
  enum { SCAN_LIMIT = 500 };
  if (((j_decompress_ptr)common)->input_scan_number <= SCAN_LIMIT) return;
  jpeg_errors *errors = (jpeg_errors *)common->err;
  errors->status = cimg_fail(errors->report, CIMG_CORRUPT,
                             "damaged JPEG: more than %d scans", SCAN_LIMIT);
  longjmp(errors->jump, 1);
}

static uint32_t orientation_of(const struct jpeg_decompress_struct *jpeg) {
  jpeg_saved_marker_ptr marker = jpeg->marker_list;
  for (; marker; marker = marker->next) {
    if (marker->data_length >= 6 && memcmp(marker->data, "Exif\0\0", 6) == 0) {
      return cimg_exif_orientation(marker->data, marker->data_length);
    }
  }
  return 1;
}

// Reads up to the first scan. May jump to errors.jump.
static int32_t read_header(jpeg_reader *reader, const void *bytes, size_t size,
                           uint64_t max_pixels, cimg_info *info) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  cimg_report *report = reader->errors.report;
  jpeg_create_decompress(jpeg);
  reader->progress.progress_monitor = limit_scans;
  jpeg->progress = &reader->progress;
  jpeg_mem_src(jpeg, bytes, size);
  jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(jpeg, TRUE);

  int32_t status = cimg_check_size(jpeg->image_width, jpeg->image_height, max_pixels, report);
  if (status != CIMG_OK) return status;
  if (jpeg->data_precision != 8) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%d-bit samples; this version reads 8-bit images: convert it to 8 bits first",
                     jpeg->data_precision);
  }
  if (jpeg->num_components == 4) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "a %s JPEG; this version reads grey and RGB images: convert it to RGB first",
                     jpeg->jpeg_color_space == JCS_YCCK ? "YCCK" : "CMYK");
  }
  if (jpeg->num_components != 1 && jpeg->num_components != 3) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%d channels; this version reads grey and RGB images: convert it to RGB first",
                     jpeg->num_components);
  }
  // libjpeg's own guess at the file's colours stands, as it does in Pillow.
  jpeg->out_color_space = jpeg->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  *info = (cimg_info){
      .width = jpeg->image_width,
      .height = jpeg->image_height,
      .channels = (uint32_t)jpeg->num_components,
      .source_bits = 8,
      .orientation = orientation_of(jpeg),
  };
  return CIMG_OK;
}

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

static int32_t read_pixels(jpeg_reader *reader, uint8_t *pixels, size_t row_bytes) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  jpeg->dct_method = JDCT_ISLOW;
  jpeg->do_fancy_upsampling = TRUE;
  jpeg_start_decompress(jpeg);
  while (jpeg->output_scanline < jpeg->output_height) {
    JSAMPROW row = pixels + jpeg->output_scanline * row_bytes;
    if (jpeg_read_scanlines(jpeg, &row, 1) != 1) {
      return cimg_fail(reader->errors.report, CIMG_CORRUPT, "damaged JPEG: ends after row %u of %u",
                       jpeg->output_scanline, jpeg->output_height);
    }
  }
  int32_t status = check_scans(jpeg, reader->errors.report);
  // Reads on to the end marker: a file without one was cut.
  if (status == CIMG_OK) jpeg_finish_decompress(jpeg);
  return status;
}

static int32_t probe(jpeg_reader *reader, const void *bytes, size_t size, uint64_t max_pixels,
                     cimg_info *info) {
  if (setjmp(reader->errors.jump)) return reader->errors.status;
  return read_header(reader, bytes, size, max_pixels, info);
}

static int32_t decode(jpeg_reader *reader, const void *bytes, size_t size, void *pixels,
                      size_t capacity) {
  if (setjmp(reader->errors.jump)) return reader->errors.status;
  cimg_info info;
  int32_t status = read_header(reader, bytes, size, UINT64_MAX, &info);
  if (status == CIMG_OK) status = cimg_check_capacity(&info, capacity, reader->errors.report);
  if (status != CIMG_OK) return status;
  return read_pixels(reader, pixels, (size_t)info.width * info.channels);
}

int32_t cimg_probe_jpeg(const void *bytes, size_t size, uint64_t max_pixels, cimg_info *info,
                        cimg_report *report) {
  jpeg_reader reader = {0};
  cimg_report_begin(report);
  reader.jpeg.err = errors_begin(&reader.errors, report);
  int32_t status = probe(&reader, bytes, size, max_pixels, info);
  jpeg_destroy_decompress(&reader.jpeg);
  return status;
}

int32_t cimg_decode_jpeg(const void *bytes, size_t size, void *pixels, size_t capacity,
                         cimg_report *report) {
  jpeg_reader reader = {0};
  cimg_report_begin(report);
  reader.jpeg.err = errors_begin(&reader.errors, report);
  int32_t status = decode(&reader, bytes, size, pixels, capacity);
  jpeg_destroy_decompress(&reader.jpeg);
  return status;
}

// MARK: - Writing

typedef struct {
  struct jpeg_compress_struct jpeg;
  struct jpeg_destination_mgr destination;
  jpeg_errors errors;
  cimg_output output;
} jpeg_writer;

// Offers libjpeg the room behind what it has written so far.
static void offer_room(j_compress_ptr jpeg) {
  jpeg_writer *writer = jpeg->client_data;
  if (!cimg_output_reserve(&writer->output, 4096)) ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
  writer->destination.next_output_byte = writer->output.bytes + writer->output.size;
  writer->destination.free_in_buffer = writer->output.capacity - writer->output.size;
}

static boolean take_full_buffer(j_compress_ptr jpeg) {
  jpeg_writer *writer = jpeg->client_data;
  writer->output.size = writer->output.capacity;
  offer_room(jpeg);
  return TRUE;
}

static void take_rest(j_compress_ptr jpeg) {
  jpeg_writer *writer = jpeg->client_data;
  writer->output.size = writer->output.capacity - writer->destination.free_in_buffer;
}

static int32_t encode(jpeg_writer *writer, const uint8_t *pixels, uint32_t width, uint32_t height,
                      uint32_t channels, int32_t quality) {
  if (setjmp(writer->errors.jump)) return writer->errors.status;
  struct jpeg_compress_struct *jpeg = &writer->jpeg;
  jpeg_create_compress(jpeg);
  jpeg->client_data = writer;
  writer->destination.init_destination = offer_room;
  writer->destination.empty_output_buffer = take_full_buffer;
  writer->destination.term_destination = take_rest;
  jpeg->dest = &writer->destination;
  jpeg->image_width = width;
  jpeg->image_height = height;
  jpeg->input_components = (int)channels;
  jpeg->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  for (int c = 0; c < jpeg->num_components; c++) {
    jpeg->comp_info[c].h_samp_factor = 1;
    jpeg->comp_info[c].v_samp_factor = 1;
  }
  jpeg_start_compress(jpeg, TRUE);
  while (jpeg->next_scanline < height) {
    // libjpeg does not write to the rows it is given; its type is older than const.
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)jpeg->next_scanline * width * channels);
    jpeg_write_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_compress(jpeg);
  return CIMG_OK;
}

int32_t cimg_encode_jpeg(const void *pixels, uint32_t width, uint32_t height, uint32_t channels,
                         int32_t quality, void **encoded, size_t *encoded_size,
                         cimg_report *report) {
  jpeg_writer writer = {0};
  cimg_report_begin(report);
  writer.jpeg.err = errors_begin(&writer.errors, report);
  int32_t status = encode(&writer, pixels, width, height, channels, quality);
  jpeg_destroy_compress(&writer.jpeg);
  if (status != CIMG_OK) {
    free(writer.output.bytes);
    return status;
  }
  *encoded = writer.output.bytes;
  *encoded_size = writer.output.size;
  return CIMG_OK;
}

// MARK: - Version

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *cimg_jpeg_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
  return TEXT(LIBJPEG_TURBO_VERSION);
#else
  return TEXT(JPEG_LIB_VERSION);
#endif
}
