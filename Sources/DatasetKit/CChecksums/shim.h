// ISA-L: CRCs by carry-less multiplication, with the widest vectors that the processor has.
#include <isa-l/crc.h>
