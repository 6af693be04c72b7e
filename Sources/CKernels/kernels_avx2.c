#if defined(__x86_64__)
#define CK_TABLE ck_table_avx2
#define CK_TARGET "avx2,fma"
#define CK_TILE_ROWS 6
#define CK_TILE_VECTORS 1
#include "kernels.inc"
#endif
