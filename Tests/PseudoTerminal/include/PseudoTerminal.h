#pragma once

#include <sys/types.h>

/// Opens a pseudo-terminal: the side that a test holds, and the side that a program takes for its terminal.
/// Returns 0, or -1 with errno set.
int pseudo_terminal_open(int *controller, int *terminal);

/// Starts a program in a session of its own, whose terminal is a new pseudo-terminal of a size: keys typed into it become signals as
/// for a person. `arguments` and `environment` end with NULL. Returns its process, or -1 with errno set.
pid_t pseudo_terminal_start(
  const char *path, char *const arguments[], char *const environment[], const char *folder, int rows, int columns,
  int *controller);

/// Gives the terminal another size; the program is told.
void pseudo_terminal_resize(int controller, int rows, int columns);

/// Whether the terminal echoes and waits for whole lines, as a shell leaves it to a program.
int pseudo_terminal_is_cooked(int controller);
