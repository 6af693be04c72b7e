#if defined(__x86_64__)
#include <immintrin.h>

#define CK_TABLE ck_table_avx512
#define CK_TARGET "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"
#define CK_MASKED
#define CK_TILE_ROWS 12
#define CK_TILE_VECTORS 2
#include "kernels.inc"
#endif
