// The one function that libFuzzer looks for, as the target that this program is for: -DTARGET=fuzz_parser.
#include <stddef.h>
#include <stdint.h>

int TARGET(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) { return TARGET(bytes, count); }
