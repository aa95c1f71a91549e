#include "tiff_directory.h"

#include <string.h>

typedef struct {
  const uint8_t *bytes;
  size_t size;
  bool is_big_endian;
  size_t count_size;  // bytes of a directory's number of entries: 2, in a BigTIFF 8
  size_t entry_size;  // 12 or 20
  size_t offset_size; // 4 or 8
} tiff_layout;

// The number in `count` bytes, which lie inside the file.
static uint64_t number_at(const tiff_layout *layout, size_t at, size_t count) {
  uint64_t number = 0;
  for (size_t i = 0; i < count; i++) {
    size_t byte = layout->is_big_endian ? i : count - 1 - i;
    number = number << 8 | layout->bytes[at + byte];
  }
  return number;
}

static bool is_inside(const tiff_layout *layout, uint64_t at, uint64_t count) {
  return at <= layout->size && count <= layout->size - at;
}

// The value of an entry that holds one number.
static uint64_t value_of(const tiff_layout *layout, size_t entry) {
  enum { BYTE = 1, SHORT = 3 };
  uint64_t type = number_at(layout, entry + 2, 2);
  size_t at = entry + 4 + layout->offset_size;
  return number_at(layout, at, type == BYTE ? 1 : type == SHORT ? 2 : 4);
}

// Whether a directory is a page of its own, by NewSubfileType or its forerunner SubfileType.
static bool is_page(const tiff_layout *layout, size_t first, uint64_t count,
                    tiff_directories *found) {
  enum { NEW_SUBFILE_TYPE = 254, SUBFILE_TYPE = 255, PHOTOMETRIC = 262, PREDICTOR = 317 };
  enum { PREVIEW = 1, MASK = 4, OLD_PREVIEW = 2, PALETTE = 3 };
  bool is_page = true;
  for (uint64_t i = 0; i < count; i++) {
    size_t entry = first + (size_t)i * layout->entry_size;
    uint64_t tag = number_at(layout, entry, 2), value = value_of(layout, entry);
    if (tag == NEW_SUBFILE_TYPE && (value & (PREVIEW | MASK))) is_page = false;
    if (tag == SUBFILE_TYPE && value == OLD_PREVIEW) is_page = false;
    if (found->pages > 0) continue;
    if (tag == PHOTOMETRIC) found->has_palette = value == PALETTE;
    if (tag == PREDICTOR) found->has_predictor = value > 1;
  }
  return is_page;
}

tiff_directories tiff_directories_find(const uint8_t *bytes, size_t size) {
  tiff_directories found = {0};
  tiff_layout layout = {bytes, size, memcmp(bytes, "MM", 2) == 0, 2, 12, 4};
  bool is_big = size >= 4 && number_at(&layout, 2, 2) == 43;
  if (is_big) layout = (tiff_layout){bytes, size, layout.is_big_endian, 8, 20, 8};
  size_t pointer = is_big ? 8 : 4;
  // Directories do not overlap, so that more entries than this are met in a circle only.
  uint64_t entries_left = size / layout.entry_size;

  while (is_inside(&layout, pointer, layout.offset_size)) {
    uint64_t directory = number_at(&layout, pointer, layout.offset_size);
    if (directory == 0 && found.pages > 0) return found;
    if (!is_inside(&layout, directory, layout.count_size)) break;
    uint64_t count = number_at(&layout, (size_t)directory, layout.count_size);
    if (count == 0 || count > entries_left) break;
    size_t first = (size_t)directory + layout.count_size;
    if (!is_inside(&layout, first, count * layout.entry_size)) break;
    // The first directory is the one that is decoded, whatever it calls itself.
    if (is_page(&layout, first, count, &found) || found.pages == 0) found.pages += 1;
    entries_left -= count;
    pointer = first + (size_t)count * layout.entry_size;
  }
  found.is_broken = true;
  if (found.pages == 0) found.pages = 1;
  return found;
}
