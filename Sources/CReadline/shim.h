// readline.h uses FILE without including stdio.h itself.
#include <stdio.h>
#include <readline/readline.h>
#include <readline/history.h>

// A global variable of C cannot be touched from strictly concurrent Swift; this can.
static inline void readline_leave_signals_alone(void) { rl_catch_signals = 0; }
