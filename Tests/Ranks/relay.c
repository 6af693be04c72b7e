// Carries packets between two network interfaces, each some time after it came: a network's delay, where the kernel has no netem.
//
//     relay INTERFACE INTERFACE MICROSECONDS
//
// Segments as large as the interfaces make them pass whole (PACKET_VNET_HDR), so that a core carries more than a gigabit a second.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 66 * 1024, SLOTS = 4096 };

typedef struct {
  char (*packets)[SIZE];
  size_t sizes[SLOTS];
  long long due[SLOTS];
  unsigned first, count;
} queue;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int open_on(const char *name) {
  int s = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL));
  int on = 1, room = 64 << 20;
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(name)};
  struct packet_mreq all = {.mr_ifindex = at.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
  if (s < 0 || !at.sll_ifindex || setsockopt(s, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on)
      || setsockopt(s, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on)
      || setsockopt(s, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) || bind(s, (struct sockaddr *)&at, sizeof at)) {
    fprintf(stderr, "relay: %s: %s\n", name, strerror(errno));
    exit(1);
  }
  setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  return s;
}

int main(int count, char **words) {
  if (count != 4) return fprintf(stderr, "relay INTERFACE INTERFACE MICROSECONDS\n"), 2;
  int sockets[2] = {open_on(words[1]), open_on(words[2])};
  long long delay = atoll(words[3]) * 1000;
  queue queues[2] = {0};
  for (int i = 0; i < 2; i++) queues[i].packets = malloc((size_t)SLOTS * SIZE);
  for (;;) {
    for (int i = 0; i < 2; i++) {
      queue *q = &queues[i];
      while (q->count < SLOTS) {
        unsigned at = (q->first + q->count) % SLOTS;
        ssize_t size = recv(sockets[i], q->packets[at], SIZE, 0);
        if (size <= 0) break;
        q->sizes[at] = (size_t)size;
        q->due[at] = now() + delay;
        q->count++;
      }
    }
    long long next = now() + 100000000;
    for (int i = 0; i < 2; i++) {
      queue *q = &queues[i];
      while (q->count && q->due[q->first] <= now()) {
        // What is refused is lost, as on any network.
        send(sockets[1 - i], q->packets[q->first], q->sizes[q->first], 0);
        q->first = (q->first + 1) % SLOTS;
        q->count--;
      }
      if (q->count && q->due[q->first] < next) next = q->due[q->first];
    }
    long long left = next - now();
    if (left <= 0) continue;
    struct pollfd files[2] = {{sockets[0], POLLIN, 0}, {sockets[1], POLLIN, 0}};
    struct timespec wait = {left / 1000000000, left % 1000000000};
    ppoll(files, 2, &wait, NULL);
  }
}
