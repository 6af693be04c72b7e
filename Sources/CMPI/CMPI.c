#define _GNU_SOURCE
#include "include/CMPI.h"

#include <fcntl.h>
#include <mpi.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CHANNELS = 4, DEALING = 2, AGREEING = 3, BUSY = 2000 };
// One for each kind of message, so that two threads never meet on one.
static MPI_Comm channels[CHANNELS];
static int rank, count;
// For each rank whether it is on this machine.
static char *is_here;

// Messages of MPI are counted in ints.
static const size_t most = (size_t)1 << 30;

// Launchers bind ranks to cores: what a rank may run on, and no more than its share of the machine.
static int threads_beside(int ranks) {
  int cores = (int)sysconf(_SC_NPROCESSORS_ONLN), own = cores;
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) own = CPU_COUNT(&allowed);
#endif
  int share = cores / (ranks > 0 ? ranks : 1);
  int threads = own < share ? own : share;
  return threads > 0 ? threads : 1;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

cmpi_job cmpi_begin(void) {
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &provided);
  for (int i = 0; i < CHANNELS; i++) MPI_Comm_dup(MPI_COMM_WORLD, &channels[i]);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &count);
  MPI_Comm here;
  cmpi_job job = {.rank = rank, .count = count, .is_threaded = provided >= MPI_THREAD_MULTIPLE};
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &here);
  int beside = 1;
  MPI_Comm_size(here, &beside);
  job.threads = threads_beside(beside);
  MPI_Group all, beside_group;
  MPI_Comm_group(MPI_COMM_WORLD, &all);
  MPI_Comm_group(here, &beside_group);
  is_here = calloc((size_t)count, 1);
  if (!is_here) cmpi_abort(1);
  for (int i = 0; i < count; i++) {
    int place = MPI_UNDEFINED;
    MPI_Group_translate_ranks(all, 1, &i, beside_group, &place);
    is_here[i] = place != MPI_UNDEFINED;
  }
  MPI_Group_free(&all);
  MPI_Group_free(&beside_group);
  MPI_Comm_free(&here);
  return job;
}

// MPI waits by asking without end. Ours looks often at first, for what comes within microseconds, and then leaves the core to others:
// there may be more ranks and threads than cores, and what is waited for may be one of them.
static void pause_after(long looks) {
  if (looks < BUSY) return;
  if (looks < 2 * BUSY) {
    sched_yield();
    return;
  }
  struct timespec moment = {0, looks < 10 * BUSY ? 20 * 1000 : 1000 * 1000};
  nanosleep(&moment, NULL);
}

static void wait_all(int n, MPI_Request *requests) {
  int done = 0;
  for (long looks = 0; !done; looks++) {
    MPI_Testall(n, requests, &done, MPI_STATUSES_IGNORE);
    if (!done) pause_after(looks);
  }
}

void cmpi_end(void) {
  cmpi_barrier();
  MPI_Finalize();
}

void cmpi_abort(int status) {
  MPI_Abort(MPI_COMM_WORLD, status);
  _Exit(status);
}

// Parts of one message on their way at a time.
enum { MOST_PARTS = 64 };

// Between machines parts are small enough to go eagerly, many at a time: MPI's TCP sends larger messages one way at a time. Within a machine
// each message costs, and none has to wait.
static size_t part_to(int partner, size_t part, size_t whole) { return is_here[partner] ? whole : part; }

static void exchange(
  int partner, int channel, const char *sent, size_t sent_size, char *received, size_t received_size, size_t room, size_t part,
  void (*take)(void *context, size_t offset, const void *bytes, size_t size), void *context) {
  size_t ins = (received_size + part - 1) / part, outs = (sent_size + part - 1) / part, count = ins > outs ? ins : outs;
  size_t window = room / part < MOST_PARTS ? room / part : MOST_PARTS;
  MPI_Request in[MOST_PARTS], out[MOST_PARTS];
  for (size_t i = 0; i < count + window - 1; i++) {
    // The i-th part sets out, and the one a window before it is taken.
    size_t at = i * part, slot = i % window;
    if (i < ins) {
      size_t size = received_size - at < part ? received_size - at : part;
      MPI_Irecv(received + (take ? slot * part : at), (int)size, MPI_BYTE, partner, 0, channels[channel], &in[slot]);
    }
    if (i < outs) {
      size_t size = sent_size - at < part ? sent_size - at : part;
      MPI_Isend(sent + at, (int)size, MPI_BYTE, partner, 0, channels[channel], &out[slot]);
    }
    if (i + 1 < window) continue;
    size_t last = i + 1 - window;
    at = last * part;
    slot = last % window;
    if (last < ins) {
      wait_all(1, &in[slot]);
      if (take) take(context, at, received + slot * part, received_size - at < part ? received_size - at : part);
    }
    if (last < outs) wait_all(1, &out[slot]);
  }
}

void cmpi_exchange(int partner, int channel, const void *sent, size_t sent_size, void *received, size_t received_size) {
  size_t part = part_to(partner, CMPI_PART, most);
  exchange(partner, channel, sent, sent_size, received, received_size, part < CMPI_ROOM ? CMPI_ROOM : part, part, 0, 0);
}

void cmpi_exchange_parts(
  int partner, int channel, const void *sent, size_t sent_size, size_t received_size, void *room, size_t room_size,
  size_t part, void (*take)(void *context, size_t offset, const void *bytes, size_t size), void *context) {
  exchange(
    partner, channel, sent, sent_size, room, received_size, room_size, part_to(partner, part, room_size / 2), take, context);
}

#ifdef __linux__
static void *map(int file, size_t size) {
  void *memory = file < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

typedef struct place {
  long process;
  int file;
  long long mark;
} place;

// A file without a name, which others open by its owner: nothing is left of it, whoever is killed when.
static void *make_shared(place *place, size_t size) {
  *place = (struct place){getpid(), memfd_create("nn", MFD_CLOEXEC), (long long)(now() * 1e9)};
  // All of it at once: what is not to be had is not found out later.
  if (place->file < 0 || posix_fallocate(place->file, 0, (off_t)size) != 0) return NULL;
  void *memory = map(place->file, size);
  if (memory) *(long long *)memory = place->mark;
  return memory;
}

static void *open_shared(const place *place, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/fd/%d", place->process, place->file);
  int file = place->file < 0 ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return NULL;
  struct stat status;
  void *memory = fstat(file, &status) == 0 && (size_t)status.st_size == size ? map(file, size) : NULL;
  close(file);
  // Ranks in containers may have others of that number: by the mark they know the right one.
  if (memory && *(long long *)memory != place->mark) {
    munmap(memory, size);
    memory = NULL;
  }
  return memory;
}

void *cmpi_share(int first, int end, size_t size) {
  for (int i = first; i < end; i++)
    if (!is_here[i]) return NULL;
  place place;
  char none = 0, have = 1, all = 1;
  void *memory;
  if (rank == first) {
    memory = make_shared(&place, size);
    for (int i = first + 1; i < end; i++) cmpi_exchange(i, 0, &place, sizeof place, &none, 1);
    all = memory != NULL;
    for (int i = first + 1; i < end; i++) {
      cmpi_exchange(i, 0, &none, 1, &have, 1);
      all = all && have;
    }
    if (place.file >= 0) close(place.file);
    if (memory) *(long long *)memory = 0;
    for (int i = first + 1; i < end; i++) cmpi_exchange(i, 0, &all, 1, &none, 1);
  } else {
    cmpi_exchange(first, 0, &none, 1, &place, sizeof place);
    memory = open_shared(&place, size);
    have = memory != NULL;
    cmpi_exchange(first, 0, &have, 1, &none, 1);
    // With this the mark is gone.
    cmpi_exchange(first, 0, &none, 1, &all, 1);
  }
  if (!all && memory) munmap(memory, size);
  return all ? memory : NULL;
}

void cmpi_unshare(void *memory, size_t size) { munmap(memory, size); }
#else
void *cmpi_share(int first, int end, size_t size) { return NULL; }
void cmpi_unshare(void *memory, size_t size) {}
#endif

void cmpi_barrier(void) {
  MPI_Request request;
  MPI_Ibarrier(channels[0], &request);
  wait_all(1, &request);
}

void cmpi_broadcast(void *bytes, size_t size) {
  for (char *at = bytes; size;) {
    size_t part = size < most ? size : most;
    MPI_Request request;
    MPI_Ibcast(at, (int)part, MPI_BYTE, 0, channels[0], &request);
    wait_all(1, &request);
    at += part;
    size -= part;
  }
}

void cmpi_gather_numbers(long long mine, long long *all) {
  MPI_Request request;
  MPI_Iallgather(&mine, 1, MPI_LONG_LONG, all, 1, MPI_LONG_LONG, channels[0], &request);
  wait_all(1, &request);
}

void cmpi_gather(const void *mine, size_t size, void *all, const long long *sizes) {
  // From each in turn: together they may be more than an int counts.
  char *to = all;
  for (int from = 0; from < count; from++) {
    if (from == rank && size) memcpy(to, mine, size);
    for (long long done = 0; done < sizes[from];) {
      size_t part = (size_t)(sizes[from] - done) < most ? (size_t)(sizes[from] - done) : most;
      MPI_Request request;
      MPI_Ibcast(to + done, (int)part, MPI_BYTE, from, channels[0], &request);
      wait_all(1, &request);
      done += (long long)part;
    }
    to += sizes[from];
  }
}

void cmpi_exchange_all(const void *sent, const long long *sent_sizes, void *received, const long long *received_sizes) {
  // Round by round, so that no two send to the same rank at a time.
  for (int distance = 0; distance < count; distance++) {
    int to = (rank + distance) % count, from = (rank - distance + count) % count;
    const char *out = sent;
    char *in = received;
    for (int i = 0; i < to; i++) out += sent_sizes[i];
    for (int i = 0; i < from; i++) in += received_sizes[i];
    if (distance == 0) {
      if (sent_sizes[to]) memcpy(in, out, (size_t)sent_sizes[to]);
      continue;
    }
    long long left_out = sent_sizes[to], left_in = received_sizes[from];
    while (left_out || left_in) {
      MPI_Request requests[2];
      int n = 0;
      int next_in = (int)(left_in < (long long)most ? left_in : (long long)most);
      int next_out = (int)(left_out < (long long)most ? left_out : (long long)most);
      if (next_in) MPI_Irecv(in, next_in, MPI_BYTE, from, 1, channels[0], &requests[n++]);
      if (next_out) MPI_Isend(out, next_out, MPI_BYTE, to, 1, channels[0], &requests[n++]);
      wait_all(n, requests);
      in += next_in;
      out += next_out;
      left_in -= next_in;
      left_out -= next_out;
    }
  }
}

int cmpi_agree(int mine, int *all, double seconds) {
  MPI_Request request;
  // Outlives the call, for who gives up leaves the request open.
  static int number;
  number = mine;
  int *numbers = malloc(sizeof(int) * (size_t)count);
  if (!numbers) return 0;
  MPI_Iallgather(&number, 1, MPI_INT, numbers, 1, MPI_INT, channels[AGREEING], &request);
  double end = now() + seconds;
  int done = 0;
  for (long looks = 0; !done && now() < end; looks++) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (!done) pause_after(looks);
  }
  if (!done) return 0;
  memcpy(all, numbers, sizeof(int) * (size_t)count);
  free(numbers);
  return 1;
}

int cmpi_request_wait(long long *size) {
  for (long looks = 0;; looks++) {
    int found = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, 2, channels[DEALING], &found, &status);
    if (found) {
      MPI_Count bytes = 0;
      MPI_Get_elements_x(&status, MPI_BYTE, &bytes);
      *size = bytes;
      return status.MPI_SOURCE;
    }
    pause_after(looks);
  }
}

void cmpi_request_take(int from, void *bytes, size_t size) {
  MPI_Recv(bytes, (int)size, MPI_BYTE, from, 2, channels[DEALING], MPI_STATUS_IGNORE);
}

void cmpi_request_answer(int to, long long next) {
  MPI_Send(&next, 1, MPI_LONG_LONG, to, 3, channels[DEALING]);
}

long long cmpi_request(const void *bytes, size_t size) {
  long long next = -1;
  MPI_Request requests[2];
  MPI_Irecv(&next, 1, MPI_LONG_LONG, 0, 3, channels[DEALING], &requests[0]);
  MPI_Isend(bytes, (int)(size < most ? size : most), MPI_BYTE, 0, 2, channels[DEALING], &requests[1]);
  wait_all(2, requests);
  return next;
}
