#include "tiff_memory.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// MARK: - Messages

static bool starts_with(const char *text, const char *start) {
  return text && strncmp(text, start, strlen(start)) == 0;
}

static void keep_error(tiff_memory *memory, const char *text) {
  // A damaged file leads to many; the first is the cause of the others.
  if (!memory->error[0]) snprintf(memory->error, sizeof memory->error, "%s", text);
}

static void note_error(tiff_memory *memory, const char *format, va_list arguments) {
  char text[CIMG_MESSAGE_SIZE];
  vsnprintf(text, sizeof text, format, arguments);
  // Some writers store orientation 0 for "unknown"; the tag then counts as absent.
  if (strstr(text, "for \"Orientation\" tag")) {
    cimg_warn(memory->report, "%s", text);
  } else {
    keep_error(memory, text);
  }
}

// Where data runs out, the fax codecs go on with white, JBIG with zeros, and libjpeg with grey.
static bool invents_pixels(const char *module, const char *text) {
  if (starts_with(module, "JPEGLib") || starts_with(module, "LibJpeg")) return !strstr(text, "extraneous bytes");
  return starts_with(module, "Fax") || starts_with(module, "JBIG");
}

// libtiff goes on without a tag that it cannot read: a palette becomes grey, alpha disappears.
// (It fails by itself where the size of the image or of its samples is not known.)
static bool loses_meaning(const char *text) {
  static const char *const tags[] = {
      "ColorMap",     "ExtraSamples", "FillOrder",    "JPEGTables", "Photometric", "PlanarConfig",
      "Predictor",    "RowsPerStrip", "SampleFormat", "TileLength", "TileWidth",
  };
  if (strstr(text, "tag not read")) return true;
  if (!strstr(text, "tag ignored") && !strstr(text, "Ignoring ") &&
      !strstr(text, "Invalid data type")) {
    return false;
  }
  for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
    if (strstr(text, tags[i])) return true;
  }
  return false;
}

static void note_warning(tiff_memory *memory, const char *module, const char *format,
                         va_list arguments) {
  char text[CIMG_MESSAGE_SIZE];
  vsnprintf(text, sizeof text, format, arguments);
  if (strstr(text, "Unknown field with tag")) return;  // private tags are what TIFF is made for
  if (invents_pixels(module, text) || loses_meaning(text)) {
    keep_error(memory, text);
  } else {
    cimg_warn(memory->report, "%s", text);
  }
}

// Errors about sound files that libtiff, or this build of it, does not read.
static bool is_unsupported(const char *error) {
  static const char *const texts[] = {
      "not supported", "not configured", "not implemented", "different values per sample",
      "not allowed for JPEG", "not handled",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (strstr(error, texts[i])) return true;
  }
  return false;
}

int32_t tiff_memory_check(const tiff_memory *memory) {
  if (!memory->error[0]) return CIMG_OK;
  if (is_unsupported(memory->error)) {
    return cimg_fail(memory->report, CIMG_UNSUPPORTED,
                     "%.180s: save it in another way first", memory->error);
  }
  return cimg_fail(memory->report, CIMG_CORRUPT, "damaged TIFF: %.230s", memory->error);
}

// MARK: - Bytes

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t count) {
  tiff_memory *memory = (tiff_memory *)handle;
  if (memory->output || count < 0 || memory->offset >= memory->size) return 0;
  uint64_t left = memory->size - memory->offset;
  if ((uint64_t)count > left) count = (tmsize_t)left;
  memcpy(out, memory->bytes + memory->offset, (size_t)count);
  memory->offset += (uint64_t)count;
  return count;
}

static tmsize_t write_bytes(thandle_t handle, void *bytes, tmsize_t count) {
  tiff_memory *memory = (tiff_memory *)handle;
  cimg_output *output = memory->output;
  if (!output || count <= 0) return 0;
  uint64_t end = memory->offset + (uint64_t)count;
  if (end > output->size) {
    if (!cimg_output_reserve(output, end - output->size)) return 0;
    memset(output->bytes + output->size, 0, end - output->size);  // libtiff may leave a gap
    output->size = end;
  }
  memcpy(output->bytes + memory->offset, bytes, (size_t)count);
  memory->offset = end;
  return count;
}

static toff_t size_of(thandle_t handle) {
  tiff_memory *memory = (tiff_memory *)handle;
  return memory->output ? memory->output->size : memory->size;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
  tiff_memory *memory = (tiff_memory *)handle;
  uint64_t base = origin == SEEK_CUR ? memory->offset : origin == SEEK_END ? size_of(handle) : 0;
  return memory->offset = base + offset;
}

static int close_nothing(thandle_t handle) {
  (void)handle;
  return 0;
}

// libtiff reads a mapped file in place. It does not write to the mapping of a file opened "r".
static int map(thandle_t handle, void **base, toff_t *size) {
  tiff_memory *memory = (tiff_memory *)handle;
  if (memory->output) return 0;
  *base = (void *)memory->bytes;
  *size = memory->size;
  return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size) {
  (void)handle, (void)base, (void)size;
}

// MARK: - Opening

// TIFFLIB_AT_LEAST itself came with 4.5.0, as did handlers that belong to one file.
#if defined(TIFFLIB_AT_LEAST) && !defined(CIMG_TIFF_GLOBAL_HANDLERS)

static int handle_error(TIFF *tiff, void *user_data, const char *module, const char *format,
                        va_list arguments) {
  (void)tiff, (void)module;
  note_error(user_data, format, arguments);
  return 1;  // handled: do not go on to the global handler, which prints
}

static int handle_warning(TIFF *tiff, void *user_data, const char *module, const char *format,
                          va_list arguments) {
  (void)tiff;
  note_warning(user_data, module, format, arguments);
  return 1;
}

TIFF *tiff_memory_open(tiff_memory *memory, const char *mode, size_t memory_limit) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) {
    keep_error(memory, "out of memory");
    return NULL;
  }
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)(memory_limit & PTRDIFF_MAX));
  TIFFOpenOptionsSetErrorHandlerExtR(options, handle_error, memory);
  TIFFOpenOptionsSetWarningHandlerExtR(options, handle_warning, memory);
  TIFF *tiff = TIFFClientOpenExt("TIFF", mode, (thandle_t)memory, read_bytes, write_bytes, seek,
                                 close_nothing, size_of, map, unmap, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}

void tiff_memory_close(TIFF *tiff) {
  if (tiff) TIFFClose(tiff);
}

#else

// Before 4.5.0 handlers are global, but are told whose file it is. Only a file that this thread
// opened is ours; messages about any other file of the process are dropped.
static _Thread_local tiff_memory *current;
static pthread_once_t handlers_once = PTHREAD_ONCE_INIT;

static void handle_error(thandle_t handle, const char *module, const char *format,
                         va_list arguments) {
  (void)module;
  if (current && handle == (thandle_t)current) note_error(current, format, arguments);
}

static void handle_warning(thandle_t handle, const char *module, const char *format,
                           va_list arguments) {
  if (current && handle == (thandle_t)current) note_warning(current, module, format, arguments);
}

static void install_handlers(void) {
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  TIFFSetErrorHandlerExt(handle_error);
  TIFFSetWarningHandlerExt(handle_warning);
}

TIFF *tiff_memory_open(tiff_memory *memory, const char *mode, size_t memory_limit) {
  (void)memory_limit;
  pthread_once(&handlers_once, install_handlers);
  current = memory;
  TIFF *tiff = TIFFClientOpen("TIFF", mode, (thandle_t)memory, read_bytes, write_bytes, seek,
                              close_nothing, size_of, map, unmap);
  if (!tiff) current = NULL;
  return tiff;
}

void tiff_memory_close(TIFF *tiff) {
  if (tiff) TIFFClose(tiff);
  current = NULL;
}

#endif
