/// Functions of an exported C source that do not depend on the model. `$` stands for the model's name; only those that are used are
/// written, each behind those it needs.
enum CHelper: Int, CaseIterable, Comparable {
  case missing, share, number, find, findNumber, spelling, hash, clip, sigmoid, softplus, relu, dense,
    softmax, logSoftmax,
    sparsemax, batchNorm, layerNorm, rmsNorm, unitNorm, prelu, date, circle

  static func < (a: CHelper, b: CHelper) -> Bool { a.rawValue < b.rawValue }

  var needs: [CHelper] {
    switch self {
    case .findNumber, .spelling: [.number]
    case .hash: [.spelling]
    default: []
    }
  }

  var source: String {
    switch self {
    case .missing:
      """
      static int $missing(float x) { return x != x; }
      """
    case .share:
      """
      /* The share of the training values below x, between the knots in even steps. */
      static float $share(float x, const float *knots, int count) {
        int above = 0, below, low, high;
        double place;
        if (x != x) return x;
        if (x <= knots[0]) return 0.0f;
        if (x >= knots[count - 1]) return 1.0f;
        for (low = 0, high = count; low < high;) {
          const int middle = low + (high - low) / 2;
          if (knots[middle] >= x) high = middle; else low = middle + 1;
        }
        above = low;
        for (high = count; low < high;) {
          const int middle = low + (high - low) / 2;
          if (knots[middle] > x) high = middle; else low = middle + 1;
        }
        below = low - 1;
        if (above <= below) {
          place = (double)(above + below) / 2.0;
        } else {
          place = (double)below + ((double)x - (double)knots[below]) / ((double)knots[above] - (double)knots[below]);
        }
        return (float)(place / (double)(count - 1));
      }
      """
    case .number:
      """
      /* Whether a text is a decimal number as a whole, and which. Its point is a point in every locale. */
      static int $number(const char *text, double *value) {
        static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
          1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
        const char *at = text;
        int digits = 0, exponent = 0, power = 0, negative = 0, many = 0, minus;
        double mantissa = 0.0;
        minus = *at == '-';
        if (*at == '-' || *at == '+') at++;
        for (; *at >= '0' && *at <= '9'; at++, digits++) {
          if (mantissa < 9e14) mantissa = mantissa * 10.0 + (double)(*at - '0'); else { exponent++; many |= *at != '0'; }
        }
        if (*at == '.') {
          for (at++; *at >= '0' && *at <= '9'; at++, digits++) {
            if (mantissa < 9e14) { mantissa = mantissa * 10.0 + (double)(*at - '0'); exponent--; } else many |= *at != '0';
          }
        }
        if (digits == 0) return 0;
        if (*at == 'e' || *at == 'E') {
          at++;
          negative = *at == '-';
          if (*at == '-' || *at == '+') at++;
          if (*at < '0' || *at > '9') return 0;
          for (; *at >= '0' && *at <= '9'; at++) if (power < 100000) power = power * 10 + (*at - '0');
          exponent += negative ? -power : power;
        }
        if (*at != '\\0') return 0;
        if (mantissa == 0.0 || (!many && exponent >= 0 && exponent <= 22)) {
          *value = mantissa == 0.0 ? 0.0 : mantissa * tens[exponent];
        } else if (!many && exponent < 0 && exponent >= -22) {
          *value = mantissa / tens[-exponent];
        } else {
          char *end;
          const double parsed = strtod(text, &end);
          if (*end != '\\0' || parsed - parsed != 0.0) return 0;
          *value = parsed;
          return 1;
        }
        if (minus) *value = -*value;
        return 1;
      }
      """
    case .find:
      """
      typedef struct {
        const char *text;
        int place;
      } $key;

      /* The place of a text among sorted ones, or -1. */
      static int $find(const char *text, const $key *keys, int count) {
        int low = 0, high = count;
        while (low < high) {
          const int middle = low + (high - low) / 2;
          const int order = strcmp(keys[middle].text, text);
          if (order == 0) return keys[middle].place;
          if (order < 0) low = middle + 1; else high = middle;
        }
        return -1;
      }
      """
    case .findNumber:
      """
      typedef struct {
        double number;
        int place;
      } $number_key;

      /* The place of the number that a text spells, so that 1.0 is 1; or -1. */
      static int $find_number(const char *text, const $number_key *keys, int count) {
        double value;
        int i;
        if (!$number(text, &value)) return -1;
        for (i = 0; i < count; i++) {
          if (keys[i].number == value) return keys[i].place;
        }
        return -1;
      }
      """
    case .spelling:
      """
      /* The shortest decimal that reads back as the same float, whole numbers without a fraction. */
      static const char *$spelling(const char *text, char *buffer, size_t size) {
        double parsed;
        float value;
        char digits[32], *mark;
        int precision, exponent, count = 0, i, length = 0;
        if (!$number(text, &parsed)) return text;
        value = (float)parsed;
        if (value - value != 0.0f) return text;
        if (value == floorf(value) && fabsf(value) < 16777216.0f) {
          if (value == 0.0f && *text == '-') return "-0";
          (void)snprintf(buffer, size, "%ld", (long)value);
          return buffer;
        }
        for (precision = 0; precision < 9; precision++) {
          (void)snprintf(digits, sizeof digits, "%.*e", precision, (double)value);
          if ((float)strtod(digits, NULL) == value) break;
        }
        mark = strchr(digits, 'e');
        if (mark == NULL) return text;
        exponent = (int)strtol(mark + 1, NULL, 10);
        *mark = '\\0';
        for (i = 0; digits[i] != '\\0'; i++) {
          if (digits[i] >= '0' && digits[i] <= '9') digits[count++] = digits[i];
        }
        while (count > 1 && digits[count - 1] == '0') count--;
        if (value < 0.0f) buffer[length++] = '-';
        if (fabsf(value) == 16777216.0f) {
          (void)snprintf(buffer + length, size - (size_t)length, "16777216");
        } else if (exponent < -4 || fabsf(value) > 16777216.0f) {
          buffer[length++] = digits[0];
          if (count > 1) {
            buffer[length++] = '.';
            for (i = 1; i < count; i++) buffer[length++] = digits[i];
          }
          (void)snprintf(buffer + length, size - (size_t)length, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
        } else if (exponent < 0) {
          buffer[length++] = '0';
          buffer[length++] = '.';
          for (i = -1; i > exponent; i--) buffer[length++] = '0';
          for (i = 0; i < count; i++) buffer[length++] = digits[i];
          buffer[length] = '\\0';
        } else {
          for (i = 0; i < count || i <= exponent; i++) {
            if (i == exponent + 1) buffer[length++] = '.';
            buffer[length++] = i < count ? digits[i] : '0';
          }
          buffer[length] = '\\0';
        }
        return buffer;
      }
      """
    case .hash:
      """
      /* FNV-1a in 64 bits (Fowler, Noll and Vo), the upper half folded into the lower. */
      static int $hash(const char *text, int buckets) {
        char buffer[48];
        const unsigned char *at = (const unsigned char *)$spelling(text, buffer, sizeof buffer);
        uint64_t hash = UINT64_C(0xCBF29CE484222325);
        for (; *at != 0; at++) hash = (hash ^ *at) * UINT64_C(0x100000001B3);
        return (int)(((hash ^ (hash >> 32)) & UINT64_C(0xFFFFFFFF)) % (uint64_t)buckets);
      }
      """
    case .clip:
      """
      static float $clip(float x, float low, float high) { return x < low ? low : x > high ? high : x; }
      """
    case .sigmoid:
      """
      static float $sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }
      """
    case .softplus:
      """
      static float $softplus(float x) { return (x > 0.0f ? x : 0.0f) + log1pf(expf(-fabsf(x))); }
      """
    case .relu:
      """
      static float $relu(float x, float slope, float most, float threshold) {
        float y = x <= threshold ? 0.0f : x;
        if (y > most) y = most;
        if (most != INFINITY && threshold < 0.0f && y < 0.0f) y = 0.0f;
        return x < threshold ? y - slope * (threshold - x) : y;
      }
      """
    case .dense:
      """
      /* y = x * kernel + bias, the kernel [inputs][units]. */
      static void $dense(const float *x, int inputs, const float *kernel, const float *bias, int units, float *y) {
        int i, j;
        for (j = 0; j < units; j++) y[j] = 0.0f;
        for (i = 0; i < inputs; i++) {
          const float value = x[i];
          const float *row = kernel + (size_t)i * (size_t)units;
          for (j = 0; j < units; j++) y[j] += value * row[j];
        }
        if (bias != NULL) {
          for (j = 0; j < units; j++) y[j] += bias[j];
        }
      }
      """
    case .softmax:
      """
      static void $softmax(float *x, int count) {
        float top = x[0], sum = 0.0f;
        int i;
        for (i = 1; i < count; i++) if (x[i] > top) top = x[i];
        for (i = 0; i < count; i++) {
          x[i] = expf(x[i] - top);
          sum += x[i];
        }
        for (i = 0; i < count; i++) x[i] /= sum;
      }
      """
    case .logSoftmax:
      """
      static void $log_softmax(float *x, int count) {
        float top = x[0], sum = 0.0f;
        int i;
        for (i = 1; i < count; i++) if (x[i] > top) top = x[i];
        for (i = 0; i < count; i++) sum += expf(x[i] - top);
        sum = logf(sum);
        for (i = 0; i < count; i++) x[i] = x[i] - top - sum;
      }
      """
    case .sparsemax:
      """
      /* Martins and Astudillo 2016, with Keras's threshold. */
      static void $sparsemax(float *x, int count) {
        float bound = INFINITY, running = 0.0f, all = 0.0f, threshold;
        int above = 0, i, ties, done = 0;
        while (!done) {
          float next = -INFINITY;
          for (i = 0; i < count; i++) if (x[i] < bound && x[i] > next) next = x[i];
          for (ties = 0, i = 0; i < count; i++) ties += x[i] == next && next < bound;
          if (ties == 0) break;
          for (; ties > 0; ties--) {
            running += next;
            if (!(next - (running - 1.0f) / (float)(above + 1) > 0.0f)) { done = 1; break; }
            all += running;
            above++;
          }
          bound = next;
        }
        threshold = (all - 1.0f) / (float)above;
        for (i = 0; i < count; i++) x[i] = x[i] > threshold ? x[i] - threshold : 0.0f;
      }
      """
    case .batchNorm:
      """
      static void $batch_norm(float *x, int count, const float *mean, const float *variance, const float *gamma, const float *beta,
        float epsilon) {
        int i;
        for (i = 0; i < count; i++) {
          float scale = 1.0f / sqrtf(variance[i] + epsilon);
          if (gamma != NULL) scale *= gamma[i];
          x[i] = x[i] * scale + ((beta != NULL ? beta[i] : 0.0f) - mean[i] * scale);
        }
      }
      """
    case .layerNorm:
      """
      static void $layer_norm(float *x, int count, const float *gamma, const float *beta, float epsilon) {
        float mean = 0.0f, variance = 0.0f, scale;
        int i;
        for (i = 0; i < count; i++) mean += x[i];
        mean /= (float)count;
        for (i = 0; i < count; i++) variance += (x[i] - mean) * (x[i] - mean);
        scale = 1.0f / sqrtf(variance / (float)count + epsilon);
        for (i = 0; i < count; i++) {
          x[i] = (x[i] - mean) * scale * (gamma != NULL ? gamma[i] : 1.0f) + (beta != NULL ? beta[i] : 0.0f);
        }
      }
      """
    case .rmsNorm:
      """
      static void $rms_norm(float *x, int count, const float *gamma, float epsilon) {
        float sum = 0.0f, scale;
        int i;
        for (i = 0; i < count; i++) sum += x[i] * x[i];
        scale = 1.0f / sqrtf(sum / (float)count + epsilon);
        for (i = 0; i < count; i++) x[i] = x[i] * scale * gamma[i];
      }
      """
    case .unitNorm:
      """
      static void $unit_norm(float *x, int count) {
        float sum = 0.0f, scale;
        int i;
        for (i = 0; i < count; i++) sum += x[i] * x[i];
        scale = sum > 0.0f ? 1.0f / sqrtf(sum) : 0.0f;
        if (scale > 1e12f) scale = 1e12f;
        for (i = 0; i < count; i++) x[i] *= scale;
      }
      """
    case .prelu:
      """
      static void $prelu(float *x, int count, const float *alpha) {
        int i;
        for (i = 0; i < count; i++) if (!(x[i] > 0.0f)) x[i] *= alpha[i];
      }
      """
    case .date: cDateReader
    case .circle:
      """
      /* Sine and cosine of a share of a turn. */
      static void $circle(double turn, float *x) {
        const double angle = 6.283185307179586 * turn;
        x[0] = (float)sin(angle);
        x[1] = (float)cos(angle);
      }
      """
    }
  }
}
