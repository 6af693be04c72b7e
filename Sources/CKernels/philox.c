// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).

#include "include/CKernels.h"

void ck_philox(
  const uint32_t key[2], uint32_t first, uint32_t c1, uint32_t c2, uint32_t c3, size_t blocks, uint32_t *out) {
  for (size_t b = 0; b < blocks; b++) {
    uint32_t x0 = first + (uint32_t)b, x1 = c1, x2 = c2, x3 = c3;
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
      uint64_t p0 = (uint64_t)0xD2511F53u * x0;
      uint64_t p1 = (uint64_t)0xCD9E8D57u * x2;
      uint32_t y0 = (uint32_t)(p1 >> 32) ^ x1 ^ k0;
      uint32_t y2 = (uint32_t)(p0 >> 32) ^ x3 ^ k1;
      x1 = (uint32_t)p1;
      x3 = (uint32_t)p0;
      x0 = y0;
      x2 = y2;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    out[4 * b] = x0;
    out[4 * b + 1] = x1;
    out[4 * b + 2] = x2;
    out[4 * b + 3] = x3;
  }
}
