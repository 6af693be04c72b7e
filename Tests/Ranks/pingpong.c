// The two constants of a network as nn uses it: seconds a message (alpha) and seconds a byte (beta), of an exchange in both directions at a
// time. Linked with nn's own Sources/CMPI, so that its way of waiting is measured with it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CMPI.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  cmpi_job job = cmpi_begin();
  static const size_t sizes[] = {64, 1 << 14, 1 << 20, 1 << 22, 1 << 24};
  char *out = malloc(1 << 24), *in = malloc(1 << 24);
  memset(out, 1, 1 << 24);
  memset(in, 1, 1 << 24);
  for (int s = 0; s < 5; s++) {
    // One behind the other: each waits for the partner's last, so the time of many by their number is that of one.
    enum { SERIES = 5 };
    int rounds = sizes[s] < (1 << 20) ? 100 : 6;
    double times[SERIES];
    for (int i = 0; i < SERIES; i++) {
      double begun = now();
      for (int r = 0; r < rounds; r++) cmpi_exchange(job.rank ^ 1, 0, out, sizes[s], in, sizes[s]);
      times[i] = (now() - begun) / rounds;
    }
    qsort(times, SERIES, sizeof *times, ascending);
    if (job.rank == 0) printf("%zu %.9f\n", sizes[s], times[SERIES / 2]);
  }
  cmpi_end();
}
