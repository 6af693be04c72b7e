#pragma once

/// Opens a pseudo-terminal: the side that a test holds, and the side that a program takes for its terminal.
/// Returns 0, or -1 with errno set.
int pseudo_terminal_open(int *controller, int *terminal);
