// What any processor runs, right and slow: without FMA in the instruction set each fma is a call.
#define CK_TABLE ck_table_portable
#define CK_TILE_ROWS 2
#define CK_TILE_VECTORS 1
#define CK_COMPACT
#include "kernels.inc"
