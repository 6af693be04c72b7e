#pragma once

#include <stdint.h>

/// Remembers the modes of a terminal, and puts them back if the program is ended by a crash: the handlers of SIGSEGV and its like do
/// that, and hand the signal on to whoever had it before.
void terminal_guard_begin(int descriptor);

/// From now on, until the next call with 0, the modes are not those that were there at the beginning.
void terminal_guard_changed(int changed);

/// Puts the modes back, and takes the terminal out of bracketed paste and of colours, if they are not those of the beginning.
/// Async-signal-safe.
void terminal_guard_restore(void);

/// How many columns a character takes, as the C library and readline have it; -1 for what cannot be shown.
int terminal_columns(uint32_t character);

/// Starts `shell -c command NAME argument` with the terminal as it was at the beginning, and with no signal blocked or ignored; waits for its
/// end. `input`, if it is not negative, becomes its standard input. Returns its exit status, 128 and more for a signal, or -1
/// with errno set.
int terminal_run(const char *command, const char *argument, int input);
