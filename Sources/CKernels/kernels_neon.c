#if defined(__aarch64__)
#define CK_TABLE ck_table_neon
#define CK_TILE_ROWS 6
#define CK_TILE_VECTORS 1
#include "kernels.inc"
#endif
