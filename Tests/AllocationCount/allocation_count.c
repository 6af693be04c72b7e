#include "AllocationCount.h"

#include <stddef.h>
#if defined(__linux__)
#include <features.h>
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)

// What is defined in the executable stands before glibc's own; these hand on to it.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static __thread unsigned long count;
// Of those, calls that only changed a block; and blocks given back.
static __thread unsigned long changed, freed;
// And those that asked for more of an alignment than malloc gives by itself.
static __thread unsigned long aligned;

void *malloc(size_t size) {
  count++;
  return __libc_malloc(size);
}
void *calloc(size_t items, size_t size) {
  count++;
  return __libc_calloc(items, size);
}
void *realloc(void *old, size_t size) {
  count++;
  if (old) changed++;
  return __libc_realloc(old, size);
}
void *memalign(size_t alignment, size_t size) {
  count++;
  aligned += alignment > 16;
  return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  count++;
  aligned += alignment > 16;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void **out, size_t alignment, size_t size) {
  count++;
  aligned += alignment > 16;
  *out = __libc_memalign(alignment, size);
  return *out ? 0 : 12;  // ENOMEM
}

void free(void *block) {
  if (block) freed++;
  __libc_free(block);
}

int allocation_count_works(void) { return 1; }
unsigned long allocation_count(void) { return count; }
long allocation_live(void) { return (long)(count - changed - freed); }
unsigned long allocation_aligned(void) { return aligned; }

#else

int allocation_count_works(void) { return 0; }
unsigned long allocation_count(void) { return 0; }
long allocation_live(void) { return 0; }
unsigned long allocation_aligned(void) { return 0; }

#endif
