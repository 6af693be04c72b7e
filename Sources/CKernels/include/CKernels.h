// The vector kernels: one source (kernels.inc), compiled once for each instruction set, picked when first used.
// Every kernel gives the same bits in every variant; docs/decisions and the head of kernels.inc say how.
//
// Matrices are row-major float32. `ld…` is the distance between rows in floats. Unless said otherwise a
// kernel reads and writes whole groups of CK_LANES columns, so destinations and right-hand operands have rows
// padded to a multiple of CK_LANES floats; padding never reaches a real column.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#define CK_LANES 16
// Inputs and units of a narrow layer, at most.
#define CK_NARROW 8

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

typedef enum {
  CK_ISA_PORTABLE = 0,
  CK_ISA_AVX2 = 1,
  CK_ISA_AVX512 = 2,
  CK_ISA_NEON = 3,
  CK_ISA_COUNT = 4
} ck_isa;

typedef enum {
  CK_LINEAR = 0,
  CK_RELU,        // p0 negative slope, p1 maximum (infinity for none), p2 threshold
  CK_LEAKY_RELU,  // p0 negative slope
  CK_ELU,         // p0 alpha
  CK_CELU,        // p0 alpha
  CK_SELU,
  CK_GELU,        // exact, by erf
  CK_GELU_TANH,   // approximate, by tanh
  CK_SILU,
  CK_MISH,
  CK_SOFTPLUS,
  CK_SOFTSIGN,
  CK_SQUAREPLUS,  // p0 b
  CK_SPARSE_PLUS,
  CK_SIGMOID,
  CK_LOG_SIGMOID,
  CK_HARD_SIGMOID,
  CK_SPARSE_SIGMOID,
  CK_TANH,
  CK_HARD_TANH,
  CK_TANH_SHRINK,
  CK_SOFT_SHRINK,  // p0 threshold
  CK_HARD_SHRINK,  // p0 threshold
  CK_THRESHOLD,    // p0 threshold, p1 value up to it
  CK_HARD_SILU,
  CK_EXPONENTIAL,
  // Of a row as a whole.
  CK_SOFTMAX,
  CK_LOG_SOFTMAX,
  CK_SPARSEMAX,
  CK_GLU  // the input has twice the output's columns
} ck_activation;
#define CK_ACTIVATION_COUNT (CK_GLU + 1)

typedef enum {
  // The mean of a term for each output.
  CK_MEAN_ABSOLUTE_ERROR = 0,
  CK_MEAN_SQUARED_ERROR,
  CK_MEAN_ABSOLUTE_PERCENTAGE_ERROR,
  CK_MEAN_SQUARED_LOGARITHMIC_ERROR,
  CK_HUBER,                       // p0 delta
  CK_LOG_COSH,
  CK_POISSON,
  CK_HINGE,                       // p0 1 if the targets are 0 and 1, which count as -1 and 1
  CK_SQUARED_HINGE,               // p0 as for hinge
  CK_BINARY_CROSSENTROPY,         // p0 label smoothing; predictions are probabilities
  CK_BINARY_CROSSENTROPY_LOGITS,  // p0 label smoothing
  CK_BINARY_FOCAL,                // p0 label smoothing, p1 gamma, p2 weight of ones, NaN for none
  CK_BINARY_FOCAL_LOGITS,
  // Of a row as a whole.
  CK_BINARY_FOCAL_SOFTMAX,        // from the logits of a softmax, as Keras has it: see row_losses.inc
  CK_COSINE_SIMILARITY,
  CK_KL_DIVERGENCE,
  CK_CATEGORICAL_HINGE,
  CK_CATEGORICAL_CROSSENTROPY,    // p0 label smoothing
  CK_CATEGORICAL_CROSSENTROPY_LOGITS,
  CK_CATEGORICAL_FOCAL,           // p0 label smoothing, p1 gamma, p2 alpha, or the list an alpha a class
  CK_CATEGORICAL_FOCAL_LOGITS,
  // The target is one column of class ids.
  CK_SPARSE_CROSSENTROPY,         // p0 class to ignore, NaN for none
  CK_SPARSE_CROSSENTROPY_LOGITS,
  CK_GENERALIZED_CROSSENTROPY     // p0 NaN, p1 q
} ck_loss;
#define CK_LOSS_COUNT (CK_GENERALIZED_CROSSENTROPY + 1)

// Normalizations of a row by its own numbers.
typedef enum {
  CK_LAYER_NORM = 0,  // to mean 0 and variance 1
  CK_RMS_NORM,        // to a mean square of 1
  CK_UNIT_NORM        // to length 1
} ck_row_norm;

typedef struct {
  float p0, p1, p2;
  // A number for each column, or null.
  const float *_Nullable list;
} ck_params;

// The numbers of a Nadam step: u and u' are the momenta of this step and the next, the corrections 1 less their products.
typedef struct {
  float rate, one_minus_beta1, one_minus_beta2, next_u, next_correction, one_minus_u, correction, correction2, epsilon;
} ck_nadam;

// The numbers of an FTRL step.
typedef struct {
  float rate, power, l1, twice_l2, twice_shrinkage;
} ck_ftrl;

// A dense layer of a run of them, with its buffers; rows `ld…` floats apart. Gradients are there in training only.
typedef struct {
  size_t inputs, units;
  const float *kernel;  // [inputs × units]
  size_t ld;
  const float *_Nullable bias;
  float *_Nullable kernel_gradient;  // laid out as the kernel
  float *_Nullable bias_gradient;
  ck_activation activation;  // that keeps the width
  ck_params params;
  int activates;       // output = f(products), else nobody wants it
  int differentiates;  // `gradient` arrives as that by the output, else as that by the products
  const float *input;
  size_t ldi;
  float *products;
  size_t ldp;
  float *output;  // may be `products`
  size_t ldo;
  float *_Nullable gradient;  // by the output, and then by the products
  size_t ldg;
  float *_Nullable input_gradient;  // null if nobody wants it
  size_t ldx;
  float *_Nullable transposed;  // the kernel's transpose [units × inputs]
  size_t ldt;
} ck_dense;

typedef struct {
  // Layers one after the other, each one's input the output before; for `rows` rows from `first` on: the outputs;
  void (*dense_forward)(const ck_dense *layers, size_t count, size_t first, size_t rows);
  // a part of the transposes that the backward direction needs, after the kernels have changed;
  void (*dense_transpose)(const ck_dense *layers, size_t count, size_t part, size_t parts);
  // the gradients by products and inputs, from the last layer's `gradient`;
  void (*dense_backward)(const ck_dense *layers, size_t count, size_t first, size_t rows);
  // and from those of all rows the gradients by weights, of the lines [first, last): a kernel's rows, then its bias, are a
  // line each, counted over the layers.
  void (*dense_weights)(const ck_dense *layers, size_t count, size_t rows, size_t first, size_t last);
  // The same for layers of at most CK_NARROW inputs and units each, whose matrices but the weights lie by columns: the `ld…` are floats
  // between columns, of which whole groups of rows are written. There is room for CK_NARROW columns and those without a meaning are
  // zero, but for the first of an input, which is all ones. Activations are elementwise. `transposed` has room for CK_NARROW × CK_NARROW floats.
  void (*narrow_forward)(const ck_dense *layers, size_t count, size_t rows);
  // All gradients, from the last layer's `gradient`.
  void (*narrow_backward)(const ck_dense *layers, size_t count, size_t rows);
  // `loss` of a mean over outputs, for such matrices: the sum of the rows' losses (· weight) as `lane_sum` has it.
  float (*narrow_loss)(
    ck_loss kind, ck_params p, const float *y, size_t ldy, const float *target, size_t ldt,
    const float *_Nullable weight, float scale, size_t rows, size_t columns, float *grad, size_t ldg);
  // Rows of a matrix of at most CK_NARROW columns, which lie one right after the other, to a matrix by columns.
  void (*narrow_gather)(
    const float *from, const uint32_t *index, size_t rows, size_t columns, float *to, size_t ldt);
  // A matrix of at most CK_NARROW columns by rows to one by columns; and back, CK_NARROW floats a row.
  void (*narrow_columns)(const float *from, size_t ldf, size_t rows, size_t columns, float *to, size_t ldt);
  void (*narrow_rows)(const float *from, size_t ldf, size_t rows, size_t columns, float *to, size_t ldt);
  // c[m × n] = a · b (+ bias) (relu), a(i, k) at a[i·a_row + k·a_col], b(k, j) at b[k·ldb + j].
  // Each element is one chain of fma from +0 with k ascending, the bias one later addition.
  void (*gemm)(
    const float *a, size_t a_row, size_t a_col, const float *b, size_t ldb, float *c, size_t ldc, size_t m,
    size_t n, size_t k, const float *_Nullable bias, int relu);
  // out[j] = sum over r ascending of a[r, j].
  void (*column_sums)(const float *a, size_t lda, size_t rows, size_t columns, float *out);
  // dst[j, i] = src[i, j]; the columns of dst from `rows` to ldd become zero.
  void (*transpose)(const float *src, size_t lds, size_t rows, size_t columns, float *dst, size_t ldd);
  // y = f(z). `columns` counts y's real columns; padding is computed too, and may be anything. z may be y, but for CK_GLU.
  void (*activate)(
    ck_activation kind, ck_params p, const float *z, size_t ldz, float *y, size_t ldy, size_t rows,
    size_t columns);
  // g = g · f'(z), with zero padding. From y alone for elu and celu of a positive alpha, selu, sigmoid, tanh, exponential, softmax,
  // log-softmax, leaky relu of a positive slope and plain relu, whose z may then be y; else from z. Not for CK_GLU.
  void (*activate_gradient)(
    ck_activation kind, ck_params p, const float *z, size_t ldz, const float *y, size_t ldy, float *g, size_t ldg,
    size_t rows, size_t columns);
  // d = g · f'(z) of CK_GLU, d[rows × 2 columns], g[rows × columns].
  void (*glu_gradient)(
    const float *z, size_t ldz, const float *g, size_t ldg, float *d, size_t ldd, size_t rows, size_t columns);
  // values[r] = loss of row r; grad (if not null) = d(loss of row r)/d(prediction) · weight[r] · scale, with zero padding.
  // Targets have real columns only. A row whose class is ignored has loss and gradient 0.
  void (*loss)(
    ck_loss kind, ck_params p, const float *y, size_t ldy, const float *target, size_t ldt,
    const float *_Nullable weight, float scale, size_t rows, size_t columns, float *values,
    float *_Nullable grad, size_t ldg);
  // Sum of values (· weights) in sixteen lanes, row r in lane r mod 16, then the tree 8-4-2-1.
  float (*lane_sum)(const float *values, const float *_Nullable weights, size_t count);
  // Sums of |a| and of a² over a matrix, unit j in lane j mod 16, rows ascending.
  float (*sum_absolute)(const float *a, size_t lda, size_t rows, size_t columns);
  float (*sum_squares)(const float *a, size_t lda, size_t rows, size_t columns);
  // g += l1 · sign(a) + 2 · l2 · a in the real columns.
  void (*penalty_gradient)(
    const float *a, size_t lda, size_t rows, size_t columns, float l1, float l2, float *g, size_t ldg);
  // Optimizer steps over `count` floats (a multiple of CK_LANES). Products are rounded before they are added.
  void (*sgd)(float *w, const float *g, size_t count, float rate);
  void (*sgd_momentum)(
    float *w, const float *g, float *m, size_t count, float rate, float momentum, int nesterov);
  void (*adam)(
    float *w, const float *g, float *m, float *v, float *_Nullable v_hat, size_t count, float alpha,
    float one_minus_beta1, float one_minus_beta2, float epsilon);
  void (*rmsprop)(
    float *w, const float *g, float *v, float *_Nullable mean, float *_Nullable m, size_t count, float rate,
    float rho, float one_minus_rho, float momentum, float epsilon);
  void (*adagrad)(float *w, const float *g, float *sum, size_t count, float rate, float epsilon);
  void (*adadelta)(
    float *w, const float *g, float *gradients, float *moves, size_t count, float rate, float rho,
    float one_minus_rho, float epsilon);
  void (*adamax)(
    float *w, const float *g, float *m, float *u, size_t count, float rate, float one_minus_beta1, float beta2,
    float correction, float epsilon);
  void (*nadam)(float *w, const float *g, float *m, float *v, size_t count, const ck_nadam *step);
  void (*ftrl)(float *w, const float *g, float *sum, float *linear, size_t count, const ck_ftrl *step);
  void (*lion)(
    float *w, const float *g, float *m, size_t count, float rate, float beta1, float one_minus_beta1, float beta2,
    float one_minus_beta2);
  void (*schedule_free)(
    float *w, const float *g, float *z, float *v, size_t count, float rate, float beta1, float one_minus_beta2,
    float correction, float weight, float epsilon);
  // Moments, and the direction of LAMB's step in place of the gradient.
  void (*lamb)(
    float *g, float *m, float *v, size_t count, float one_minus_beta1, float one_minus_beta2, float correction1,
    float correction2, float epsilon);
  // Adafactor's means of squares over rows (in the first column of r, laid out as g) and over columns (in the first
  // row of c), and the gradient divided by the root of their product; for a vector the means of each element.
  void (*adafactor_matrix)(
    float *g, size_t ldg, float *r, float *c, size_t rows, size_t columns, float beta, float one_minus_beta,
    float epsilon);
  void (*adafactor_vector)(
    float *g, float *v, size_t columns, float beta, float one_minus_beta, float epsilon);
  // w -= rate · (u / divisor).
  void (*subtract_divided)(float *w, const float *u, size_t count, float rate, float divisor);
  // m += g + m · (momentum - 1); g becomes m, or g + momentum · m.
  void (*muon_momentum)(
    float *g, float *m, size_t count, float momentum, float momentum_minus_1, int nesterov);
  // w -= rate · u · scale · rms.
  void (*subtract_scaled)(float *w, const float *u, size_t count, float rate, float scale, float rms);
  // What comes before and after a step. y = x · factor, y = x / divisor, y += x · factor.
  void (*scale)(const float *x, float *y, size_t count, float factor);
  void (*divide)(const float *x, float *y, size_t count, float divisor);
  void (*add_scaled)(const float *x, float *y, size_t count, float factor);
  // g within ± limit; and g · limit / norm, the norm being no less than the limit.
  void (*clip_value)(float *g, size_t count, float limit);
  void (*clip_norm)(float *g, size_t count, float limit, float norm);
  // g = (g + sum) / steps, and the sum becomes 0.
  void (*take_accumulated)(float *g, float *sum, size_t count, float steps);
  // w -= w · decay · rate.
  void (*decay)(float *w, size_t count, float decay, float rate);
  // a = momentum · a + rest · w.
  void (*average)(float *a, const float *w, size_t count, float momentum, float rest);
  // Sum of squares, in blocks of rows of some 4096 floats that add up in double.
  double (*square_norm)(const float *a, size_t lda, size_t rows, size_t columns);
  // ck_philox, sixteen blocks at once.
  void (*philox)(
    const uint32_t key[_Nonnull 2], uint32_t first, uint32_t c1, uint32_t c2, uint32_t c3, size_t blocks,
    uint32_t *out);
  // mask = scale where a draw is at or above `threshold`, else 0; y = x · mask. One 32-bit draw for a unit: the
  // counter is (unit / 4, row0 + r, step low, step high).
  void (*dropout)(
    const uint32_t key[_Nonnull 2], uint64_t step, uint32_t row0, uint32_t threshold, float scale, const float *x,
    size_t ldx, float *y, size_t ldy, float *mask, size_t ldm, size_t rows, size_t columns);
  // g = g · mask over whole padded rows.
  void (*multiply)(float *g, size_t ldg, const float *mask, size_t ldm, size_t rows, size_t columns);
  // dst[r] = src[index[r]], `columns` floats each; padding of dst is left alone.
  void (*gather)(
    const float *src, size_t lds, const uint32_t *index, size_t rows, size_t columns, float *dst, size_t ldd);
  // 1 if every real element is finite.
  int (*all_finite)(const float *a, size_t lda, size_t rows, size_t columns);
  // values[r] = 1 if row r is classified right, else 0.
  void (*binary_hits)(
    const float *y, size_t ldy, const float *t, size_t ldt, float threshold, size_t rows, size_t columns,
    float *values);
  void (*class_hits)(
    const float *y, size_t ldy, const float *t, size_t ldt, int sparse, size_t rows, size_t columns, float *values);
  // out[j] = sum over r ascending of (x[r, j] - middle[j])².
  void (*column_squares)(
    const float *x, size_t ldx, const float *middle, size_t rows, size_t columns, float *out);
  // y = (x - mean) / sqrt(variance + epsilon) · gamma + beta by columns; inverse[j] = 1 / sqrt(variance[j] + epsilon).
  void (*batch_norm)(
    const float *x, size_t ldx, const float *mean, const float *variance, const float *_Nullable gamma,
    const float *_Nullable beta, float epsilon, size_t rows, size_t columns, float *inverse, float *y, size_t ldy);
  // The gradients by gamma and beta over some rows of a batch, whose mean and inverse these are.
  void (*batch_norm_sums)(
    const float *x, size_t ldx, const float *mean, const float *inverse, size_t rows, size_t columns, const float *g,
    size_t ldg, float *d_gamma, float *d_beta);
  // In place from the gradient by y to that by x, for some rows of a batch of `batch` rows, whose gradients by gamma and beta these are.
  void (*batch_norm_gradient)(
    const float *x, size_t ldx, const float *mean, const float *inverse, const float *_Nullable gamma,
    const float *d_gamma, const float *d_beta, size_t batch, size_t rows, size_t columns, float *g, size_t ldg);
  // The same by rows; mean[r] and inverse[r] are kept for the gradient.
  void (*row_norm)(
    ck_row_norm kind, const float *x, size_t ldx, const float *_Nullable gamma, const float *_Nullable beta,
    float epsilon, size_t rows, size_t columns, float *mean, float *inverse, float *y, size_t ldy);
  void (*row_norm_gradient)(
    ck_row_norm kind, const float *x, size_t ldx, const float *_Nullable gamma, const float *mean,
    const float *inverse, size_t rows, size_t columns, float *g, size_t ldg, float *_Nullable d_gamma,
    float *_Nullable d_beta);
  // y = x above 0, alpha[j] · x below; and in place the gradient by x, with that by alpha.
  void (*prelu)(
    const float *x, size_t ldx, const float *alpha, size_t rows, size_t columns, float *y, size_t ldy);
  void (*prelu_gradient)(
    const float *x, size_t ldx, const float *alpha, size_t rows, size_t columns, float *g, size_t ldg,
    float *d_alpha);
  // a = a + b over whole padded groups.
  void (*add)(float *a, size_t lda, const float *b, size_t ldb, size_t rows, size_t columns);
  // y = y + (mask is 0 ? dropped : kept).
  void (*add_masked)(
    float *y, size_t ldy, const float *mask, size_t ldm, float dropped, float kept, size_t rows, size_t columns);
  // y = x · mask, or x + mask.
  void (*apply_mask)(
    const float *x, size_t ldx, const float *mask, size_t ldm, int adds, size_t rows, size_t columns, float *y,
    size_t ldy);
  // Elementary functions over `count` floats (a multiple of CK_LANES), for tests.
  void (*vector_exp)(const float *x, float *y, size_t count);
  void (*vector_log)(const float *x, float *y, size_t count);
  void (*vector_erf)(const float *x, float *y, size_t count);
  void (*vector_power)(const float *x, float exponent, float *y, size_t count);
} ck_kernels;

// The variant for an instruction set, or null if this machine or build has it not.
const ck_kernels *_Nullable ck_variant(ck_isa isa);

// The best instruction set here, or the one that NN_ISA names if this machine has it.
ck_isa ck_default_isa(void);

// SHA-256 (FIPS 180-4) of `blocks` blocks of 64 bytes, from the eight words of `state` on; by the processor's own
// instructions for it where it has them, with the same result.
void ck_sha256(uint32_t *state, const void *bytes, size_t blocks);
// The same without them, for a test.
void ck_sha256_plain(uint32_t *state, const void *bytes, size_t blocks);


// out[4·i + …] for i in 0 ..< blocks: Philox4x32-10 of the counter (first + i, c1, c2, c3).
void ck_philox(
  const uint32_t key[_Nonnull 2], uint32_t first, uint32_t c1, uint32_t c2, uint32_t c3, size_t blocks, uint32_t *out);

// ln x for a positive normal number, and the quantile of the standard normal distribution for 0 < p < 1.
double ck_logarithm(double x);
double ck_normal_quantile(double p);

// e^x, x^y for x >= 0, and cos x for |x| up to a million, in arithmetic of our own.
double ck_exponential(double x);
double ck_power(double x, double y);
double ck_cosine(double x);

// out[r, j] = z · stddev + mean, z normal, drawn at the counter (j / 4, row0 + r, step low, step high).
void ck_normals(
  const uint32_t key[_Nonnull 2], uint64_t step, uint32_t row0, float mean, float stddev, float *out, size_t ld,
  size_t rows, size_t columns);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
