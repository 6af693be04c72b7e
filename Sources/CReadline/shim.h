// readline.h uses FILE without including stdio.h itself.
#include <stdio.h>
#include <readline/readline.h>
#include <readline/history.h>

// Global variables of C cannot be touched from strictly concurrent Swift; these can.
static inline void readline_leave_signals_alone(void) {
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
}
static inline void readline_set_name(const char *name) { rl_readline_name = name; }
static inline void readline_set_redisplay(rl_voidfunc_t *function) { rl_redisplay_function = function; }
static inline void readline_set_startup_hook(rl_hook_func_t *function) { rl_startup_hook = function; }
static inline void readline_set_completion(
  rl_completion_func_t *complete, rl_compdisp_func_t *show, const char *breaks) {
  rl_attempted_completion_function = complete;
  rl_completion_display_matches_hook = show;
  rl_completer_word_break_characters = breaks;
  rl_basic_word_break_characters = breaks;
  rl_completer_quote_characters = NULL;
  rl_sort_completion_matches = 0;
  rl_ignore_completion_duplicates = 0;
}
// The matches are all that there are: no file names behind them, nothing typed behind the only one.
static inline void readline_completed(int append) {
  rl_attempted_completion_over = 1;
  rl_completion_append_character = append;
  rl_completion_suppress_append = append == 0;
  rl_filename_completion_desired = 0;
  rl_sort_completion_matches = 0;
}
static inline const char *readline_text(void) { return rl_line_buffer; }
static inline int readline_end(void) { return rl_end; }
static inline int readline_point(void) { return rl_point; }
static inline const char *readline_prompt(void) { return rl_display_prompt; }
static inline int readline_shows_own_prompt(void) { return rl_display_prompt == rl_prompt; }
static inline int readline_is_searching(void) {
  return (rl_readline_state
          & (RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_SEARCH | RL_STATE_NUMERICARG)) != 0;
}
static inline int readline_is_done(void) { return rl_done; }
static inline int readline_edits_like_vi(void) { return rl_editing_mode == 0; }
static inline int readline_is_inserting(void) {
  return rl_get_keymap() == vi_insertion_keymap;
}
static inline const char *readline_string(const char *name) { return rl_variable_value(name); }
static inline int readline_history_base(void) { return history_base; }
static inline int readline_history_length(void) { return history_length; }
static inline int readline_is_gnu(void) { return rl_gnu_readline_p; }
