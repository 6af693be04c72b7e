// Counts the calling thread's allocations, so that a test can say that a training step makes none.
#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

// Whether this build counts: it must link glibc and no sanitizer.
int allocation_count_works(void);

// Calls of malloc and its kin by this thread so far.
unsigned long allocation_count(void);

// Blocks that this thread has got and not given back, if no other thread gives back what it got.
long allocation_live(void);

// Calls by this thread that asked for more of an alignment than malloc gives by itself.
unsigned long allocation_aligned(void);

#endif
