// Elementary functions in double for learning-rate schedules and single numbers, built from arithmetic only: a libm gives
// other bits on other machines. Each is within some 1e-15 of the right value, relatively.

#pragma STDC FP_CONTRACT OFF

#include "include/CKernels.h"

#include <string.h>

static double power_of_two(int exponent) {
  uint64_t bits = (uint64_t)(exponent + 1023) << 52;
  double x;
  memcpy(&x, &bits, 8);
  return x;
}

// Adding it rounds to a whole number.
#define WHOLE 0x1.8p52

// e^x: x = n · ln 2 + r with |r| <= ln 2 / 2, and e^r by its series. ln 2 is in two parts, so that n times the first is exact.
double ck_exponential(double x) {
  if (x != x) return x;
  if (x > 709.7) return x > 709.782712893384 ? __builtin_inf() : ck_exponential(x - 1) * 0x1.5bf0a8b145769p+1;
  if (x < -745.2) return 0;
  double n = (x * 0x1.71547652b82fep+0 + WHOLE) - WHOLE;
  double r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  static const double inverse_factorials[] = {
    1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800,
    1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
  double sum = 0;
  for (int k = 11; k >= 0; k--) sum = sum * r + inverse_factorials[k];
  double y = 1 + (r + r * r * sum);
  int half = (int)n / 2;
  return y * power_of_two(half) * power_of_two((int)n - half);
}

// x^y for x >= 0; a small whole y by squaring, a half by the square root. Else e^(y · ln x), which loses |y · ln x| ulp.
double ck_power(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (!(x >= 0) || y != y) return __builtin_nan("");
  if (x == 0) return y > 0 ? 0 : __builtin_inf();
  double size = y < 0 ? -y : y;
  if (size == 0.5) return y < 0 ? 1 / __builtin_sqrt(x) : __builtin_sqrt(x);
  if (size <= 16 && size == (double)(int)size) {
    double result = 1, factor = x;
    for (int left = (int)size; left > 0; left >>= 1) {
      if (left & 1) result *= factor;
      factor *= factor;
    }
    return y < 0 ? 1 / result : result;
  }
  // The logarithm wants a normal number.
  double lift = x < 0x1p-1022 ? 54 : 0;
  double logarithm = ck_logarithm(lift > 0 ? x * 0x1p54 : x) - lift * 0.6931471805599453;
  return ck_exponential(y * logarithm);
}

// cos x for |x| up to a million: x = k · pi / 2 + r, then the series of cos r or sin r.
double ck_cosine(double x) {
  if (!(x > -1e6 && x < 1e6)) return __builtin_nan("");
  double k = (x * 0x1.45f306dc9c883p-1 + WHOLE) - WHOLE;
  double r = (x - k * 0x1.921fb544p+0) - k * 0x1.0b4611a626331p-34;
  double s = r * r;
  double cosine = 0, sine = 0;
  for (int n = 20; n >= 2; n -= 2) {
    cosine = (1 - s * cosine) / (double)(n * (n - 1));
    sine = (1 - s * sine) / (double)(n * (n + 1));
  }
  cosine = 1 - s * cosine;
  sine = r - r * (s * sine);
  switch ((int)k & 3) {
    case 0: return cosine;
    case 1: return -sine;
    case 2: return -cosine;
    default: return sine;
  }
}
