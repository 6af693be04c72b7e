// For posix_openpt and its like, which Swift's Glibc module does not show.
#define _XOPEN_SOURCE 600

#include "PseudoTerminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int pseudo_terminal_open(int *controller, int *terminal) {
  int side = posix_openpt(O_RDWR | O_NOCTTY);
  if (side < 0) return -1;
  if (grantpt(side) == 0 && unlockpt(side) == 0) {
    const char *name = ptsname(side);
    int other = name ? open(name, O_RDWR | O_NOCTTY) : -1;
    if (other >= 0) {
      *controller = side;
      *terminal = other;
      return 0;
    }
  }
  close(side);
  return -1;
}
