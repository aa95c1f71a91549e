// libarchive: reads tar, gzip and zip, and refuses paths that leave the folder unpacked into.
#include <archive.h>
#include <archive_entry.h>
