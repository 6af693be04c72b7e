// For posix_openpt and its like, which Swift's Glibc module does not show.
#define _GNU_SOURCE

#include "PseudoTerminal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
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

pid_t pseudo_terminal_start(
  const char *path, char *const arguments[], char *const environment[], const char *folder, int rows, int columns,
  int *controller) {
  int terminal;
  if (pseudo_terminal_open(controller, &terminal) != 0) return -1;
  fcntl(*controller, F_SETFD, FD_CLOEXEC);
  pseudo_terminal_resize(*controller, rows, columns);
  pid_t child = fork();
  if (child == 0) {
    // Only calls that are safe behind a fork of a program with threads.
    setsid();
    ioctl(terminal, TIOCSCTTY, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    dup2(terminal, 0);
    dup2(terminal, 1);
    dup2(terminal, 2);
    for (int other = 3; other < 256; other++) close(other);
    if (chdir(folder) == 0) execve(path, arguments, environment);
    _exit(127);
  }
  close(terminal);
  if (child < 0) close(*controller);
  return child;
}

void pseudo_terminal_resize(int controller, int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  ioctl(controller, TIOCSWINSZ, &size);
}

int pseudo_terminal_is_cooked(int controller) {
  struct termios modes;
  // The two sides share their modes.
  if (tcgetattr(controller, &modes) != 0) return -1;
  return (modes.c_lflag & ICANON) && (modes.c_lflag & ECHO);
}
