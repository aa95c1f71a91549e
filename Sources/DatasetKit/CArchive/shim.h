// libarchive: reads tar and zip, writes tar.
#include <archive.h>
#include <archive_entry.h>

// Writes out a whole file system: glibc has it, the module that Swift makes of glibc does not.
int syncfs(int descriptor);
