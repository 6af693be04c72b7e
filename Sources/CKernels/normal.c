// The normal distribution's quantile in double, built from arithmetic and the square root only: a libm gives other bits on
// other machines.

#pragma STDC FP_CONTRACT OFF

#include "include/CKernels.h"

#include <string.h>

// ln x for a positive normal number: x = 2^e · m, and ln m by the series of artanh((m - 1) / (m + 1)).
double ck_logarithm(double x) {
  if (!(x > 0)) return x == 0 ? -__builtin_inf() : __builtin_nan("");
  if (x == __builtin_inf()) return x;
  uint64_t bits;
  memcpy(&bits, &x, 8);
  int exponent = (int)(bits >> 52) - 1023;
  bits = (bits & 0xfffffffffffffull) | 0x3ff0000000000000ull;
  double m;
  memcpy(&m, &bits, 8);
  if (m > 1.4142135623730951) {
    m /= 2;
    exponent += 1;
  }
  double s = (m - 1) / (m + 1);
  double s2 = s * s;
  double sum = 0;
  for (int k = 25; k >= 1; k -= 2) sum = sum * s2 + 1 / (double)k;
  return (double)exponent * 0.6931471805599453 + 2 * s * sum;
}

static double horner(double r, const double c[8]) {
  double sum = 0;
  for (int i = 7; i >= 0; i--) sum = sum * r + c[i];
  return sum;
}

// Wichura's AS 241, PPND16 (Applied Statistics 37, 1988), relative accuracy about 1e-16.
static const double central_top[8] = {
  3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
  4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
static const double central_bottom[8] = {
  1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
  3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3};
static const double middle_top[8] = {
  1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
  1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
static const double middle_bottom[8] = {
  1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
  1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
static const double far_top[8] = {
  6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
  2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double far_bottom[8] = {
  1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
  7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};

double ck_normal_quantile(double p) {
  double q = p - 0.5;
  if ((q < 0 ? -q : q) <= 0.425) {
    double r = 0.180625 - q * q;
    return q * (horner(r, central_top) / horner(r, central_bottom));
  }
  double tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return q < 0 ? -__builtin_inf() : __builtin_inf();
  double r = __builtin_sqrt(-ck_logarithm(tail));
  double x = r <= 5 ? horner(r - 1.6, middle_top) / horner(r - 1.6, middle_bottom)
                    : horner(r - 5, far_top) / horner(r - 5, far_bottom);
  return q < 0 ? -x : x;
}

void ck_normals(
  const uint32_t key[2], uint64_t step, uint32_t row0, float mean, float stddev, float *out, size_t ld, size_t rows,
  size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t j = 0; j < columns; j += 4) {
      uint32_t draw[4];
      ck_philox(key, (uint32_t)(j / 4), row0 + (uint32_t)r, (uint32_t)step, (uint32_t)(step >> 32), 1, draw);
      for (size_t i = 0; i < 4 && j + i < columns; i++) {
        float z = (float)ck_normal_quantile(((double)draw[i] + 0.5) * 0x1p-32);
        out[r * ld + j + i] = z * stddev + mean;
      }
    }
  }
}
