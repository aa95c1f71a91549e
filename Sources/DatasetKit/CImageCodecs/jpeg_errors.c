// libjpeg goes on where a file is damaged: it warns and fills the rest of the picture with grey.
// Here such a warning ends the decode (see `invents_pixels`).
#include "jpeg_errors.h"

#include <jerror.h>

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
              "a JPEG with %d-bit samples; the installed libjpeg reads 8 bits: "
              "convert it to PNG or TIFF first",
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

struct jpeg_error_mgr *jpeg_errors_begin(jpeg_errors *errors, cimg_report *report) {
  jpeg_std_error(&errors->manager);
  errors->manager.error_exit = fail_and_jump;
  errors->manager.emit_message = note_message;
  errors->manager.output_message = print_nothing;
  errors->status = CIMG_OK;
  errors->report = report;
  return &errors->manager;
}
