/// The reader of dates and times in C, as ``DateReader`` reads them: the same spellings, and nothing else is a date.
let cDateReader = """
  typedef struct {
    int year, month, day, hour, minute, second;
  } $time;

  static int $is_digit(char c) { return c >= '0' && c <= '9'; }

  static int $is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  static void $skip_blanks(const char **at) {
    while (**at == ' ') (*at)++;
  }

  static int $take(const char **at, char mark) {
    if (mark == '\\0' || **at != mark) return 0;
    (*at)++;
    return 1;
  }

  static char $take_mark(const char **at) {
    const char mark = **at;
    if (mark != '-' && mark != '/' && mark != '.') return '\\0';
    (*at)++;
    return mark;
  }

  /* Up to eight digits; how many there were, or 0. */
  static int $take_digits(const char **at, int *value) {
    int digits = 0;
    *value = 0;
    while ($is_digit(**at)) {
      if (digits == 8) return 0;
      *value = *value * 10 + (**at - '0');
      digits++;
      (*at)++;
    }
    return digits;
  }

  /* The place of the name that stands here, spelt out or (unless whole) by three letters or more; or -1. */
  static int $take_name(const char **at, const char *const *names, int count, int whole) {
    int length = 0, i, j;
    while ($is_letter((*at)[length])) length++;
    if (length == 0) return -1;
    for (i = 0; i < count; i++) {
      const int full = (int)strlen(names[i]);
      if (length != full && (whole || length < 3 || length > full)) continue;
      for (j = 0; j < length; j++) {
        const char letter = (*at)[j];
        if ((letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter) != names[i][j]) break;
      }
      if (j < length) continue;
      *at += length;
      if (!whole && length < full) (void)$take(at, '.');
      return i;
    }
    return -1;
  }

  static int $take_month(const char **at) {
    static const char *const names[] = {"january", "february", "march", "april", "may", "june", "july", "august", "september",
      "october", "november", "december"};
    return $take_name(at, names, 12, 0) + 1;
  }

  static int $take_year(const char **at, int *year) {
    const int digits = $take_digits(at, year);
    if (digits == 2) *year += *year < 69 ? 2000 : 1900;
    return digits == 4 || digits == 2;
  }

  static void $take_ordinal(const char **at) {
    static const char *const names[] = {"st", "nd", "rd", "th"};
    (void)$take_name(at, names, 4, 1);
  }

  static int $read_day(const char **at, int day_first, $time *time) {
    static const char *const weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    int first, digits, second, month;
    char mark;
    if ($take_name(at, weekdays, 7, 0) >= 0) {
      (void)$take(at, ',');
      $skip_blanks(at);
    }
    month = $take_month(at);
    if (month > 0) {
      mark = $take_mark(at);
      $skip_blanks(at);
      digits = $take_digits(at, &time->day);
      if (digits < 1 || digits > 2) return 0;
      $take_ordinal(at);
      if (mark != '\\0' && !$take(at, mark)) return 0;
      (void)$take(at, ',');
      $skip_blanks(at);
      time->month = month;
      return $take_year(at, &time->year);
    }
    if ($is_digit((*at)[0]) && ((*at)[1] == ':' || ($is_digit((*at)[1]) && (*at)[2] == ':'))) return 1;
    digits = $take_digits(at, &first);
    if (digits == 8) {
      time->year = first / 10000;
      time->month = first / 100 % 100;
      time->day = first % 100;
      return 1;
    }
    if (digits == 4) {
      mark = $take_mark(at);
      if (mark == '\\0') return 0;
      digits = $take_digits(at, &time->month);
      if (digits < 1 || digits > 2) return 0;
      time->year = first;
      if (!$take(at, mark)) return mark == '-';
      digits = $take_digits(at, &time->day);
      return digits >= 1 && digits <= 2;
    }
    if (digits != 1 && digits != 2) return 0;
    $take_ordinal(at);
    mark = $take_mark(at);
    if (mark == '\\0') $skip_blanks(at);
    month = $take_month(at);
    if (month > 0) {
      if (mark != '\\0' && !$take(at, mark)) return 0;
      (void)$take(at, ',');
      $skip_blanks(at);
      time->month = month;
      time->day = first;
      return $take_year(at, &time->year);
    }
    if (mark == '\\0') return 0;
    digits = $take_digits(at, &second);
    if (digits < 1 || digits > 2 || !$take(at, mark) || !$take_year(at, &time->year)) return 0;
    time->month = day_first || mark == '.' ? second : first;
    time->day = day_first || mark == '.' ? first : second;
    return 1;
  }

  static int $skip_zone(const char **at) {
    static const char *const names[] = {"z", "utc", "gmt"};
    int value, digits;
    if ($take_name(at, names, 3, 1) >= 0) return 1;
    if (!$take(at, '+') && !$take(at, '-')) return 1;
    digits = $take_digits(at, &value);
    if (digits == 0) return 0;
    if (!$take(at, ':')) return digits == 2 || digits == 4;
    return $take_digits(at, &value) == 2;
  }

  static int $read_clock(const char **at, $time *time) {
    static const char *const t[] = {"t"}, *const halves[] = {"am", "pm"};
    int value, digits, half;
    (void)$take(at, ',');
    $skip_blanks(at);
    if ($take_name(at, t, 1, 1) >= 0) $skip_blanks(at);
    digits = $take_digits(at, &value);
    if (digits == 6 || digits == 4) {
      if (digits == 4) value *= 100;
      time->hour = value / 10000;
      time->minute = value / 100 % 100;
      time->second = value % 100;
    } else {
      if (digits < 1 || digits > 2 || !$take(at, ':')) return 0;
      time->hour = value;
      if ($take_digits(at, &time->minute) != 2) return 0;
      if ($take(at, ':')) {
        if ($take_digits(at, &time->second) != 2) return 0;
        if ($take(at, '.') || $take(at, ',')) {
          if (!$is_digit(**at)) return 0;
          while ($is_digit(**at)) (*at)++;
        }
      }
    }
    $skip_blanks(at);
    half = $take_name(at, halves, 2, 1);
    if (half >= 0) {
      if (time->hour < 1 || time->hour > 12) return 0;
      time->hour = time->hour % 12 + (half == 1 ? 12 : 0);
      $skip_blanks(at);
    }
    return $skip_zone(at);
  }

  static int $is_possible(const $time *time) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int last;
    if (time->year < 0 || time->year > 9999 || time->month < 1 || time->month > 12) return 0;
    last = days[time->month - 1];
    if (time->month == 2 && time->year % 4 == 0 && (time->year % 100 != 0 || time->year % 400 == 0)) last = 29;
    return time->day >= 1 && time->day <= last && time->hour >= 0 && time->hour < 24 && time->minute >= 0
      && time->minute < 60 && time->second >= 0 && time->second <= 60;
  }

  /* Reads a date, a time or both; 0 where the text is neither. */
  static int $read_time(const char *text, int day_first, $time *time) {
    const char *at = text;
    const $time start = {1970, 1, 1, 0, 0, 0};
    *time = start;
    if (strlen(text) > 64) return 0;
    $skip_blanks(&at);
    if (!$read_day(&at, day_first, time) || !$is_possible(time)) return 0;
    $skip_blanks(&at);
    if (*at != '\\0' && !$read_clock(&at, time)) return 0;
    return *at == '\\0' && $is_possible(time);
  }

  /* Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms"). */
  static int $days(int year, int month, int day) {
    int era, of_era, of_year;
    if (month <= 2) year--;
    era = (year >= 0 ? year : year - 399) / 400;
    of_era = year - era * 400;
    of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
  }

  /* 0 year, 1 month, 2 day, 3 weekday, 4 day of the year, 5 hour, 6 minute, 7 second, 8 days since 1970. */
  static double $part(const $time *time, int part) {
    const int days = $days(time->year, time->month, time->day);
    switch (part) {
      case 0: return (double)time->year;
      case 1: return (double)time->month;
      case 2: return (double)time->day;
      case 3: return (double)(((days + 3) % 7 + 7) % 7 + 1);
      case 4: return (double)(days - $days(time->year, 1, 1) + 1);
      case 5: return (double)time->hour;
      case 6: return (double)time->minute;
      case 7: return (double)time->second;
      default: return ((double)days * 86400.0 + (double)(time->hour * 3600 + time->minute * 60 + time->second)) / 86400.0;
    }
  }
  """
