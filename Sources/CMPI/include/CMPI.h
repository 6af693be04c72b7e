// What nn asks of MPI. A failing call ends the job: MPI's own handler aborts it.
#ifndef CMPI_H
#define CMPI_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct {
  int rank, count;
  // Cores that this rank may run on, shared with the ranks beside it.
  int threads;
  // Two threads may call at a time; nothing works without.
  int is_threaded;
} cmpi_job;

// To be called once, before anything else.
cmpi_job cmpi_begin(void);
// Returns when every rank has called it.
void cmpi_end(void);
// Ends all ranks with a status.
_Noreturn void cmpi_abort(int status);

// Sends bytes to a partner while others come from it; channels 0 and 1 do not meet.
void cmpi_exchange(int partner, int channel, const void *sent, size_t sent_size, void *received, size_t received_size);
// Bytes of a part of a message, and of all its parts that are on their way at a time: a network that answers after a millisecond is to
// be kept busy.
enum { CMPI_PART = 1 << 15, CMPI_ROOM = 1 << 20 };
// The same, `take` being given each part that has come, while others are on their way; `room` holds those.
void cmpi_exchange_parts(
  int partner, int channel, const void *sent, size_t sent_size, size_t received_size, void *room, size_t room_size,
  size_t part, void (*take)(void *context, size_t offset, const void *bytes, size_t size), void *context);
// Memory that the ranks from `first` up to `end` see, who all call this: zeros at first. It goes when none has it any more, however that
// ends. NULL on all of them where they are not on one machine, or it has not as much.
void *_Nullable cmpi_share(int first, int end, size_t size);
void cmpi_unshare(void *memory, size_t size);
void cmpi_barrier(void);
// Rank 0's bytes, on every rank.
void cmpi_broadcast(void *bytes, size_t size);
// One number of each rank, on every rank.
void cmpi_gather_numbers(long long mine, long long *all);
// Bytes of each rank, one behind the other, on every rank; `sizes` has how many come from which.
void cmpi_gather(const void *mine, size_t size, void *all, const long long *sizes);
// Bytes for each rank, one behind the other, and those from each.
void cmpi_exchange_all(const void *sent, const long long *sent_sizes, void *received, const long long *received_sizes);
// One number of each rank, if all call this within some time; else 0.
int cmpi_agree(int mine, int *all, double seconds);

// Dealing: whoever is free hands rank 0 what it has done, and gets the next number.
// Waits for a request: the rank it comes from, and the size of what it brings.
int cmpi_request_wait(long long *size);
void cmpi_request_take(int from, void *bytes, size_t size);
void cmpi_request_answer(int to, long long next);
// The other side.
long long cmpi_request(const void *bytes, size_t size);

#pragma clang assume_nonnull end
#endif
