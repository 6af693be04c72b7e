// Work E in ONNX Runtime through its C API, in process: rows a second for 60,000 rows of C, microseconds for one row of A and C, of
// C also with all threads.
//
//     cc -O2 ort_infer.c -ldl -o ort_infer && ./ort_infer LIBONNXRUNTIME.so FOLDER-OF-MODELS THREADS
//
// The API is a table of functions whose order never changes, so the few that are needed are called by their number; no
// header of ONNX Runtime is needed.

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
  GET_MESSAGE = 2, CREATE_ENV = 3, CREATE_SESSION = 7, RUN = 9, CREATE_OPTIONS = 10, SET_OPTIMIZATION = 23,
  SET_THREADS = 24, CREATE_TENSOR = 49, CREATE_CPU_MEMORY = 69
};

typedef void *(*function)();
static function *api;

static void check(void *status) {
  if (!status) return;
  fprintf(stderr, "ort_infer: %s\n", (const char *)api[GET_MESSAGE](status));
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return d < 0 ? -1 : d > 0;
}

static void *env, *memory;

static void *session(const char *folder, const char *name, int threads) {
  void *options, *made;
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  check(api[CREATE_OPTIONS](&options));
  check(api[SET_THREADS](options, threads));
  check(api[SET_OPTIMIZATION](options, 99));
  check(api[CREATE_SESSION](env, path, options, &made));
  return made;
}

static void *tensor(float *data, int64_t rows, int64_t columns) {
  void *value;
  int64_t shape[2] = {rows, columns};
  check(api[CREATE_TENSOR](memory, data, (size_t)(rows * columns) * 4, shape, (size_t)2, 1, &value));
  return value;
}

// The median time of a call, over `rounds` rounds of `count` calls, into a buffer of the caller's.
static double seconds(void *session, int64_t rows, int64_t inputs, int64_t outputs, int rounds, int count) {
  float *x = malloc((size_t)(rows * inputs) * 4), *y = malloc((size_t)(rows * outputs) * 4);
  for (int64_t i = 0; i < rows * inputs; i++) x[i] = (float)(i % 17) / 17 - 0.5f;
  void *in = tensor(x, rows, inputs), *out = tensor(y, rows, outputs);
  const char *in_names[] = {"x"}, *out_names[] = {"y"};
  double times[64];
  for (int round = -1; round < rounds; round++) {
    double start = now();
    for (int call = 0; call < count; call++) {
      x[0] = (float)(call & 7);
      check(api[RUN](session, NULL, in_names, (void *const *)&in, (size_t)1, out_names, (size_t)1, &out));
    }
    if (round >= 0) times[round] = (now() - start) / count;
  }
  qsort(times, (size_t)rounds, sizeof *times, ascending);
  return times[rounds / 2];
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  void *library = dlopen(argv[1], RTLD_NOW);
  if (!library) {
    fprintf(stderr, "ort_infer: %s\n", dlerror());
    return 1;
  }
  // OrtApiBase: GetApi, GetVersionString.
  function *base = (function *)((function)dlsym(library, "OrtGetApiBase"))();
  api = (function *)base[0]((uint32_t)16);
  check(api[CREATE_ENV](3, "bench", &env));
  check(api[CREATE_CPU_MEMORY](0, 0, &memory));
  int threads = atoi(argv[3]);
  double batch = seconds(session(argv[2], "c.onnx", threads), 60000, 784, 10, 5, 1);
  double a = seconds(session(argv[2], "a.onnx", 1), 1, 4, 2, 20, 2000);
  double c = seconds(session(argv[2], "c.onnx", 1), 1, 784, 10, 20, 200);
  double all = seconds(session(argv[2], "c.onnx", threads), 1, 784, 10, 20, 200);
  printf(
    "{\"rows_per_second\": %.1f, \"one_row_a_us\": %.4f, \"one_row_c_us\": %.3f, \"one_row_c_all_us\": %.3f}\n", 60000 / batch,
    a * 1e6, c * 1e6, all * 1e6);
  return 0;
}
