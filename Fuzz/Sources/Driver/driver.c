#include "driver.h"
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *, size_t));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// SwiftPM makes `main` another name of `TARGET_main`, which libFuzzer, having a `main` of its own, does not know.
#define ENTRANCE(target) \
  int target##_main(int argc, char **argv) { return LLVMFuzzerRunDriver(&argc, &argv, LLVMFuzzerTestOneInput); }

ENTRANCE(fuzz_csv)
