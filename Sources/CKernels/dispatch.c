#include <stdlib.h>
#include <string.h>

#include "include/CKernels.h"

extern const ck_kernels ck_table_portable;
#if defined(__x86_64__)
extern const ck_kernels ck_table_avx2, ck_table_avx512;
#elif defined(__aarch64__)
extern const ck_kernels ck_table_neon;
#endif

const ck_kernels *ck_variant(ck_isa isa) {
  switch (isa) {
    case CK_ISA_PORTABLE: return &ck_table_portable;
#if defined(__x86_64__)
    case CK_ISA_AVX2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &ck_table_avx2 : NULL;
    case CK_ISA_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
          && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
          && __builtin_cpu_supports("fma")
        ? &ck_table_avx512
        : NULL;
#elif defined(__aarch64__)
    case CK_ISA_NEON: return &ck_table_neon;
#endif
    default: return NULL;
  }
}

static const char *const names[CK_ISA_COUNT] = {"portable", "avx2", "avx512", "neon"};

ck_isa ck_default_isa(void) {
  const char *forced = getenv("NN_ISA");
  if (forced) {
    for (int isa = 0; isa < CK_ISA_COUNT; isa++) {
      if (strcmp(forced, names[isa]) == 0 && ck_variant((ck_isa)isa)) return (ck_isa)isa;
    }
  }
  if (ck_variant(CK_ISA_AVX512)) return CK_ISA_AVX512;
  if (ck_variant(CK_ISA_AVX2)) return CK_ISA_AVX2;
  if (ck_variant(CK_ISA_NEON)) return CK_ISA_NEON;
  return CK_ISA_PORTABLE;
}
