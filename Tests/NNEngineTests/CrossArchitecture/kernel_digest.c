// Runs every kernel of one instruction set on fixed inputs and prints a hash of all results' bits, so that variants can
// be compared across processors: kernel_digest NAME. compare.sh beside it builds and runs it for x86-64 and, by
// qemu-user, for arm64.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static uint64_t hash = 1469598103934665603ull;  // FNV-1a

static void add(const char *what, const void *bytes, size_t count) {
  const unsigned char *p = bytes;
  uint64_t own = 1469598103934665603ull;
  for (size_t i = 0; i < count; i++) {
    hash = (hash ^ p[i]) * 1099511628211ull;
    own = (own ^ p[i]) * 1099511628211ull;
  }
  printf("%-28s %016llx\n", what, (unsigned long long)own);
}

enum { ROWS = 23, COLUMNS = 37, STRIDE = 48, COUNT = ROWS * STRIDE };
static float x[COUNT + 16], y[COUNT + 16], z[COUNT + 16], g[COUNT + 16], t[COUNT + 16], out[64 * STRIDE + 16];
static float values[ROWS + 16], weights[ROWS + 16], m[COUNT + 16], v[COUNT + 16], most[COUNT + 16];

// Numbers of several sizes; columns beyond COLUMNS stay zero.
static void fill(float *p, uint32_t seed, float scale) {
  uint32_t key[2] = {seed, 7};
  memset(p, 0, sizeof(float) * COUNT);
  for (uint32_t r = 0; r < ROWS; r++) {
    for (uint32_t j = 0; j < COLUMNS; j++) {
      uint32_t draw[4];
      ck_philox(key, j, r, 0, 0, 1, draw);
      float unit = (float)(draw[0] >> 8) * 0x1p-23f - 1.0f;
      p[r * STRIDE + j] = unit * scale * (draw[1] & 1 ? 1.0f : 0.03f);
    }
  }
}

static float r[COUNT + 16], c[COUNT + 16];

// Slots as before an optimizer's first step.
static void fresh(void) {
  float *slots[] = {m, v, most, r, c};
  for (int i = 0; i < 5; i++) memset(slots[i], 0, sizeof m);
  for (int i = 0; i < COUNT; i++) v[i] = 0.1f;
}

static void add_matrix(const char *what, const float *p) {
  static float packed[ROWS * COLUMNS];
  for (int r = 0; r < ROWS; r++) memcpy(packed + r * COLUMNS, p + r * STRIDE, sizeof(float) * COLUMNS);
  add(what, packed, sizeof packed);
}

// A whole training: 37-20-6-3 with tanh and relu, squared error, Adam.
static void train(const ck_kernels *k) {
  enum { LAYERS = 3, LD = 32, WEIGHTS = (COLUMNS + 1 + 20 + 1 + 6 + 1) * LD };
  static const size_t units[] = {20, 6, 3};
  static const ck_activation activations[] = {CK_TANH, CK_RELU, CK_LINEAR};
  static float w[WEIGHTS], slope[WEIGHTS], first[WEIGHTS], second[WEIGHTS];
  static float outputs[LAYERS][ROWS * LD + 16], gradients[LAYERS][ROWS * LD + 16], turned[LAYERS][32 * STRIDE];
  ck_dense layers[LAYERS];
  const float *input = x;
  size_t inputs = COLUMNS, ldi = STRIDE, line = 0;
  fill(x, 41, 1.0f);
  fill(t, 42, 1.0f);
  fill(y, 43, 0.5f);
  for (int i = 0; i < LAYERS; i++) {
    for (size_t r = 0; r < inputs; r++) memcpy(w + (line + r) * LD, y + (r % ROWS) * STRIDE, units[i] * sizeof(float));
    layers[i] = (ck_dense){
      .inputs = inputs, .units = units[i], .kernel = w + line * LD, .ld = LD, .bias = w + (line + inputs) * LD,
      .kernel_gradient = slope + line * LD, .bias_gradient = slope + (line + inputs) * LD, .activation = activations[i],
      .params = {0.0f, __builtin_inff(), 0.0f, NULL}, .activates = i < 2, .differentiates = i < 2, .input = input,
      .ldi = ldi, .products = outputs[i], .ldp = LD, .output = outputs[i], .ldo = LD, .gradient = gradients[i],
      .ldg = LD, .input_gradient = i > 0 ? gradients[i - 1] : NULL, .ldx = LD, .transposed = turned[i], .ldt = STRIDE};
    line += inputs + 1;
    inputs = units[i];
    input = outputs[i];
    ldi = LD;
  }
  for (int step = 1; step <= 30; step++) {
    // The rows in two shares, the lines of weights in three.
    for (size_t part = 0; part < 2; part++) k->dense_transpose(layers, LAYERS, part, 2);
    k->dense_forward(layers, LAYERS, 0, 9);
    k->dense_forward(layers, LAYERS, 9, ROWS - 9);
    k->loss(
      CK_MEAN_SQUARED_ERROR, layers[0].params, outputs[2], LD, t, STRIDE, NULL, 1.0f / ROWS, ROWS, 3, values, gradients[2],
      LD);
    k->dense_backward(layers, LAYERS, 9, ROWS - 9);
    k->dense_backward(layers, LAYERS, 0, 9);
    k->dense_weights(layers, LAYERS, ROWS, 0, 30);
    k->dense_weights(layers, LAYERS, ROWS, 30, 45);
    k->dense_weights(layers, LAYERS, ROWS, 45, line);
    k->adam(w, slope, first, second, NULL, line * LD, 0.003f * (float)step, 0.1f, 0.001f, 1e-7f);
  }
  add("training, losses", values, sizeof(float) * ROWS);
  add("training, weights", w, sizeof w);
}

// The same of narrow layers, by columns: 7-6-3.
static void train_narrow(const ck_kernels *k) {
  enum { LAYERS = 2, LD = 16, COLUMN = 32, WEIGHTS = (7 + 1 + 6 + 1) * LD, BUFFER = CK_NARROW * COLUMN };
  static const size_t units[] = {6, 3};
  static float w[WEIGHTS], slope[WEIGHTS], first[WEIGHTS], second[WEIGHTS];
  static float input[BUFFER], target[BUFFER], outputs[LAYERS][BUFFER], gradients[LAYERS][BUFFER], turned[LAYERS][64];
  static uint32_t order[ROWS];
  static float totals[30];
  ck_dense layers[LAYERS];
  const float *from = input;
  size_t inputs = 7, line = 0;
  for (int i = 0; i < BUFFER; i++) input[i] = 1.0f;
  for (int i = 0; i < LAYERS; i++) {
    for (int j = 0; j < BUFFER; j++) outputs[i][j] = 1.0f;
    for (size_t r = 0; r < inputs; r++) memcpy(w + (line + r) * LD, y + r * STRIDE, units[i] * sizeof(float));
    layers[i] = (ck_dense){
      .inputs = inputs, .units = units[i], .kernel = w + line * LD, .ld = LD, .bias = w + (line + inputs) * LD,
      .kernel_gradient = slope + line * LD, .bias_gradient = slope + (line + inputs) * LD, .activation = CK_TANH,
      .activates = i < 1, .differentiates = i < 1, .input = from, .ldi = COLUMN, .products = outputs[i], .ldp = COLUMN,
      .output = outputs[i], .ldo = COLUMN, .gradient = gradients[i], .ldg = COLUMN,
      .input_gradient = i > 0 ? gradients[i - 1] : NULL, .ldx = COLUMN, .transposed = turned[i], .ldt = 8};
    line += inputs + 1;
    inputs = units[i];
    from = outputs[i];
  }
  for (uint32_t r = 0; r < ROWS; r++) order[r] = (r * 7 + 3) % ROWS;
  for (int step = 1; step <= 30; step++) {
    k->narrow_gather(x, order, ROWS, 7, input, COLUMN);
    k->narrow_gather(t, order, ROWS, 3, target, COLUMN);
    k->narrow_forward(layers, LAYERS, ROWS);
    totals[step - 1] = k->narrow_loss(
      CK_LOG_COSH, layers[0].params, outputs[1], COLUMN, target, COLUMN, NULL, 1.0f / ROWS, ROWS, 3, gradients[1], COLUMN);
    k->narrow_backward(layers, LAYERS, ROWS);
    k->adam(w, slope, first, second, NULL, line * LD, 0.003f * (float)step, 0.1f, 0.001f, 1e-7f);
  }
  add("narrow training, losses", totals, sizeof totals);
  add("narrow training, weights", w, sizeof w);
}

int main(int argc, char **argv) {
  static const char *const names[] = {"portable", "avx2", "avx512", "neon"};
  const ck_kernels *k = NULL;
  for (int i = 0; argc > 1 && i < CK_ISA_COUNT; i++) {
    if (strcmp(argv[1], names[i]) == 0) k = ck_variant((ck_isa)i);
  }
  if (!k) {
    fprintf(stderr, "this machine has no %s\n", argc > 1 ? argv[1] : "(no name given)");
    return 2;
  }
  fill(x, 1, 3.0f);
  fill(y, 2, 1.0f);
  memset(out, 0, sizeof out);
  k->gemm(x, STRIDE, 1, y, STRIDE, out, STRIDE, ROWS, STRIDE, ROWS, x, 1);
  add_matrix("gemm relu", out);
  k->gemm(x, 1, STRIDE, y, STRIDE, out, STRIDE, COLUMNS, STRIDE, ROWS, 0, 0);
  add("gemm transposed", out, sizeof(float) * STRIDE * COLUMNS);
  k->transpose(x, STRIDE, ROWS, COLUMNS, out, 32);
  add("transpose", out, sizeof(float) * 32 * COLUMNS);
  k->column_sums(x, STRIDE, ROWS, STRIDE, out);
  add("column sums", out, sizeof(float) * STRIDE);

  for (int kind = CK_LINEAR; kind < CK_ACTIVATION_COUNT; kind++) {
    char what[40];
    ck_params p = {0.2f, kind == CK_RELU ? 1.5f : 0.0f, 0.1f, NULL};
    int columns = kind == CK_GLU ? COLUMNS / 2 : COLUMNS;
    fill(x, 3, 20.0f);
    memset(z, 0, sizeof z);
    k->activate(kind, p, x, STRIDE, z, STRIDE, ROWS, columns);
    snprintf(what, sizeof what, "activation %d", kind);
    add_matrix(what, z);
    fill(g, 4, 1.0f);
    if (kind == CK_GLU) k->glu_gradient(x, STRIDE, g, STRIDE, z, STRIDE, ROWS, columns);
    else k->activate_gradient(kind, p, x, STRIDE, z, STRIDE, g, STRIDE, ROWS, columns);
    snprintf(what, sizeof what, "activation gradient %d", kind);
    add_matrix(what, kind == CK_GLU ? z : g);
  }

  fill(weights, 9, 2.0f);
  for (int kind = CK_MEAN_ABSOLUTE_ERROR; kind < CK_LOSS_COUNT; kind++) {
    char what[40];
    int sparse = kind >= CK_SPARSE_CROSSENTROPY;
    int logits = kind == CK_BINARY_CROSSENTROPY_LOGITS || kind == CK_BINARY_FOCAL_LOGITS || kind == CK_BINARY_FOCAL_SOFTMAX
      || kind == CK_CATEGORICAL_CROSSENTROPY_LOGITS || kind == CK_CATEGORICAL_FOCAL_LOGITS
      || kind == CK_SPARSE_CROSSENTROPY_LOGITS;
    fill(t, 6, 1.0f);
    for (int i = 0; i < COUNT; i++) t[i] = t[i] < 0.0f ? -t[i] : t[i];
    ck_params p = {sparse ? 3.0f : 0.3f, 0.7f, 0.25f, kind == CK_CATEGORICAL_FOCAL ? t : NULL};
    fill(x, 5, 4.0f);
    k->activate(logits ? CK_LINEAR : CK_SIGMOID, p, x, STRIDE, y, STRIDE, ROWS, COLUMNS);
    for (int i = 0; sparse && i < ROWS; i++) t[i * STRIDE] = (float)(i % COLUMNS);
    k->loss(kind, p, y, STRIDE, t, STRIDE, weights, 0.125f, ROWS, COLUMNS, values, g, STRIDE);
    snprintf(what, sizeof what, "loss %d", kind);
    add(what, values, sizeof(float) * ROWS);
    snprintf(what, sizeof what, "loss gradient %d", kind);
    add_matrix(what, g);
  }

  fill(x, 7, 1.0f);
  float sums[] = {
    k->lane_sum(x, NULL, 100), k->lane_sum(x, y, 333), k->sum_absolute(x, STRIDE, ROWS, COLUMNS),
    k->sum_squares(x, STRIDE, ROWS, COLUMNS)};
  add("sums", sums, sizeof sums);
  fill(g, 8, 0.5f);
  k->penalty_gradient(x, STRIDE, ROWS, COLUMNS, 0.01f, 0.02f, g, STRIDE);
  add_matrix("penalty gradient", g);
  for (int step = 1; step <= 3; step++) {
    k->sgd(x, g, COUNT, 0.01f);
    k->sgd_momentum(x, g, m, COUNT, 0.01f, 0.9f, step & 1);
    k->adam(x, g, m, v, step & 1 ? most : NULL, COUNT, 0.001f * (float)step, 0.1f, 0.001f, 1e-7f);
  }
  add_matrix("optimizers", x);
  fill(x, 13, 1.0f);
  for (int step = 1; step <= 3; step++) {
    ck_nadam nadam = {0.01f, 0.1f, 0.001f, 0.46f, 0.9f, 0.55f, 0.8f, 0.002f, 1e-7f};
    ck_ftrl ftrl = {0.01f, step == 1 ? 0.5f : 0.3f, 0.05f, 0.1f, 0.2f};
    fill(g, 20 + (uint32_t)step, 0.5f);
    fresh();
    k->rmsprop(x, g, v, step & 1 ? most : NULL, step & 2 ? m : NULL, COUNT, 0.01f, 0.9f, 0.1f, 0.5f, 1e-3f);
    fresh();
    k->adagrad(x, g, v, COUNT, 0.01f, 1e-7f);
    fresh();
    k->adadelta(x, g, m, v, COUNT, 0.5f, 0.95f, 0.05f, 1e-7f);
    fresh();
    k->adamax(x, g, m, v, COUNT, 0.01f, 0.1f, 0.999f, 0.3f, 1e-7f);
    fresh();
    k->nadam(x, g, m, v, COUNT, &nadam);
    fresh();
    k->ftrl(x, g, v, m, COUNT, &ftrl);
    fresh();
    k->lion(x, g, m, COUNT, 0.01f, 0.9f, 0.1f, 0.99f, 0.01f);
    fresh();
    k->schedule_free(x, g, m, v, COUNT, 0.01f, 0.9f, 0.001f, 0.003f, 0.5f, 1e-8f);
    fresh();
    k->muon_momentum(g, m, COUNT, 0.95f, -0.05f, step & 1);
    k->subtract_scaled(x, g, COUNT, 0.01f, 2.5f, 0.2f);
    fresh();
    k->lamb(g, m, v, COUNT, 0.1f, 0.001f, 0.2f, 0.003f, 1e-7f);
    fresh();
    k->adafactor_matrix(g, STRIDE, r, c, ROWS, COLUMNS, 0.4f, 0.6f, 1e-30f);
    k->subtract_divided(x, g, COUNT, 0.01f, 1.3f);
    fill(g, 30 + (uint32_t)step, 0.5f);
    fresh();
    k->adafactor_vector(g, v, COLUMNS, 0.4f, 0.6f, 1e-8f);
    k->clip_norm(g, COUNT, 0.7f, (float)k->square_norm(g, STRIDE, ROWS, COLUMNS));
    k->clip_value(g, COUNT, 0.01f);
    k->take_accumulated(g, m, COUNT, 3.0f);
    k->add_scaled(g, x, COUNT, 0.3f);
    k->decay(x, COUNT, 0.01f, 0.1f);
    k->average(y, x, COUNT, 0.9f, 0.1f);
    k->divide(y, x, COUNT, 1.1f);
    k->scale(x, x, COUNT, 1.05f);
  }
  add_matrix("more optimizers", x);
  train(k);
  train_narrow(k);
  double numbers[] = {
    ck_exponential(-3.7), ck_exponential(12.3), ck_power(0.3, 2.7), ck_power(7, -0.3), ck_cosine(1.1), ck_cosine(9.9)};
  add("double functions", numbers, sizeof numbers);
  uint32_t key[2] = {11, 12};
  k->dropout(key, 77, 5, 0x60000000u, 1.6f, x, STRIDE, y, STRIDE, z, STRIDE, ROWS, COLUMNS);
  add_matrix("dropout", y);

  // Elementary functions from tiny to huge arguments, the edges among them.
  static float in[4096], from[4096];
  for (int i = 0; i < 4096; i++) {
    uint32_t bits = (uint32_t)i << 20 | 0x12345u;
    memcpy(in + i, &bits, 4);
    if (in[i] != in[i]) in[i] = 0.0f;  // which NaN comes out is not promised
  }
  k->vector_exp(in, from, 4096);
  add("exp", from, sizeof from);
  for (int i = 0; i < 4096; i++) in[i] = in[i] < 1.2e-38f ? 1.2e-38f : in[i];
  k->vector_log(in, from, 4096);
  add("log", from, sizeof from);
  for (int i = 0; i < 4096; i++) in[i] = (float)(i - 2048) / 300.0f;
  k->vector_erf(in, from, 4096);
  add("erf", from, sizeof from);
  for (int i = 0; i < 4096; i++) in[i] = (float)(i + 1) * 0.01f;
  for (int i = -4; i < 5; i++) {
    k->vector_power(in, 0.7f * (float)i, from, 4096);
    add("power", from, sizeof from);
  }
  printf("%-28s %016llx\n", "all", (unsigned long long)hash);
  return 0;
}
