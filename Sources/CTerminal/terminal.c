#define _GNU_SOURCE
#include "include/CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

extern char **environ;

// The thread that waits for signals reads it, and `modes` once it is there.
static atomic_int terminal = -1;
static struct termios modes;
static atomic_int is_changed;

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
enum { crash_count = sizeof crashes / sizeof *crashes };
static struct sigaction before[crash_count];

void terminal_guard_changed(int changed) { atomic_store(&is_changed, changed); }

void terminal_guard_restore(void) {
  if (terminal < 0 || !atomic_exchange(&is_changed, 0)) return;
  int code = errno;
  tcsetattr(terminal, TCSANOW, &modes);
  // Bracketed paste off, colours off, and what stands below the line away.
  static const char sequence[] = "\033[?2004l\033[0m\033[J\r\n";
  ssize_t ignored = write(terminal, sequence, sizeof sequence - 1);
  (void)ignored;
  errno = code;
}

static struct termios loud;
static int is_hushed;

void terminal_hush(void) {
  if (is_hushed || terminal < 0 || tcgetattr(terminal, &loud) != 0) return;
  struct termios quiet = loud;
  quiet.c_lflag &= ~(tcflag_t)ECHO;
  is_hushed = tcsetattr(terminal, TCSANOW, &quiet) == 0;
  if (is_hushed) atomic_store(&is_changed, 1);
}

void terminal_unhush(void) {
  if (!is_hushed) return;
  is_hushed = 0;
  tcsetattr(terminal, TCSANOW, &loud);
  atomic_store(&is_changed, 0);
}

int terminal_has_input(void) {
  int count = 0;
  return terminal >= 0 && ioctl(terminal, FIONREAD, &count) == 0 && count > 0;
}

static void crashed(int number) {
  terminal_guard_restore();
  for (int i = 0; i < crash_count; i++) {
    if (crashes[i] == number) sigaction(number, &before[i], NULL);
  }
  // Delivered when this handler returns, for the signal is blocked in it.
  raise(number);
}

void terminal_guard_begin(int descriptor) {
  if (tcgetattr(descriptor, &modes) != 0) return;
  terminal = descriptor;
  // A stack that has overflown is no place for a handler.
  static char stack[1 << 16];
  stack_t own = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 0};
  sigaltstack(&own, NULL);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = crashed;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &action, &before[i]);
}

int terminal_columns(uint32_t character) { return wcwidth((wchar_t)character); }

int terminal_run(const char *command, const char *argument, int input) {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  int code = posix_spawnattr_init(&attributes);
  if (code != 0) {
    errno = code;
    return -1;
  }
  code = posix_spawn_file_actions_init(&actions);
  if (code != 0) {
    posix_spawnattr_destroy(&attributes);
    errno = code;
    return -1;
  }
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, 0);
  char *arguments[] = {"sh", "-c", (char *)command, "nn", (char *)argument, NULL};
  pid_t child = -1;
  code = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (code != 0) {
    errno = code;
    return -1;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
