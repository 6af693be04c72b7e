// How many float32 multiply-adds the machine does: chains in registers and nothing else, on one thread and on as many as it has cores.
// Prints GFLOP/s of both. Built by clang with -O2 -march=native -ffp-contract=fast.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif
typedef float V __attribute__((vector_size(LANES * 4)));
enum { CHAINS = 12, ROUNDS = 40000000 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void *work(void *out) {
  V sum[CHAINS], a, b;
  for (int j = 0; j < LANES; j++) a[j] = 0.999f, b[j] = 1e-3f;
  for (int i = 0; i < CHAINS; i++) sum[i] = b * (float)i;
  double start = now();
  for (int n = 0; n < ROUNDS; n++) {
#pragma GCC unroll 12
    for (int i = 0; i < CHAINS; i++) {
      sum[i] = sum[i] * a + b;
      __asm__ volatile("" : "+x"(sum[i]));
    }
  }
  double seconds = now() - start;
  float all = 0;
  for (int i = 0; i < CHAINS; i++) all += sum[i][0];
  *(double *)out = all == 12345.0f ? 0 : 2.0 * CHAINS * LANES * ROUNDS / seconds * 1e-9;
  return NULL;
}

int main(void) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  pthread_t *threads = calloc(cores, sizeof *threads);
  double *rates = calloc(cores, sizeof *rates), one, all = 0;
  work(&one);
  for (long i = 0; i < cores; i++) pthread_create(&threads[i], NULL, work, &rates[i]);
  for (long i = 0; i < cores; i++) {
    pthread_join(threads[i], NULL);
    all += rates[i];
  }
  printf("{\"one\":%.1f,\"all\":%.1f}\n", one, all);
}
