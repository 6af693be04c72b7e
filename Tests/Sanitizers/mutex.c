// Tells ThreadSanitizer of the two functions in which Swift's Mutex waits. They are in a library that is built without it, so that a lock
// which somebody else had first would look like none. What is defined in the program stands before the library's own.
//
// The rest of Mutex is compiled into its callers, where ThreadSanitizer sees it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

// Synchronization._MutexHandle._lockSlow(_: UInt32) and _unlockSlow(), as Swift calls them.
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
typedef SWIFT void lock_function(uint32_t thread, SELF void *handle);
typedef SWIFT void unlock_function(SELF void *handle);

static void *original(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) abort();
  return function;
}

SWIFT void $s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF(uint32_t thread, SELF void *handle) {
  ((lock_function *)original("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"))(thread, handle);
  __tsan_acquire(handle);
}

SWIFT void $s15Synchronization12_MutexHandleV11_unlockSlowyyF(SELF void *handle) {
  __tsan_release(handle);
  ((unlock_function *)original("$s15Synchronization12_MutexHandleV11_unlockSlowyyF"))(handle);
}
