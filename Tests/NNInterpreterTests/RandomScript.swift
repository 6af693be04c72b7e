/// Well-formed scripts put together at random from what the catalog has.
struct RandomScript {
  private var state: UInt64
  private let tables: [String]
  /// Where a script may save its model.
  private let file: String

  init(state: UInt64, tables: [String], file: String) {
    self.state = state
    self.tables = tables
    self.file = file
  }

  private mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }

  private mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  private mutating func some(_ choices: [String], each percent: Int) -> String {
    var text = ""
    for choice in choices where below(100) < percent { text += " " + choice }
    return text
  }

  mutating func next() -> String {
    var text = "data table:\(pick(tables))" + some(["target=y"], each: 40) + "\n"
    if below(3) > 0 {
      text +=
        "split\(some(["test=20%"], each: 80))\(some(["val=2"], each: 40))\(some(["stratify"], each: 20))"
      text += "\(some(["order=tail"], each: 15)) seed=\(below(5))\n"
    }
    if below(2) == 0 {
      text += "impute \(pick(["mean", "median", "mode", "0"]))\(some(["indicator"], each: 30))\n"
    }
    if below(2) == 0 {
      text += "scale \(pick(["standard", "minmax", "robust"]))\(some(["columns=y"], each: 20))\n"
    }
    let last = below(4) == 0 ? "dense \(1 + below(3)) \(pick(Self.activations))" : "output"
    text += "model < \((layers(upTo: 3, depth: 0) + [last]).joined(separator: "; ")) >\n"
    if below(4) > 0 { text += compile + "\n" }
    text += fit + "\n"
    return text + end
  }

  private mutating func layers(upTo most: Int, depth: Int) -> [String] {
    (0..<below(most + 1)).map { _ in layer(depth: depth) }
  }

  private mutating func layer(depth: Int) -> String {
    switch below(9) {
    case 0:
      return pick(["dropout 0", "dropout 20%", "alpha_dropout 0.3", "gaussian_dropout 0.2", "noise 0.1"])
    case 1: return "activation \(pick(Self.activations))"
    case 2:
      return pick(["batchnorm", "layernorm", "rmsnorm", "unit_norm", "prelu", "leaky_relu"])
    case 3:
      return "batchnorm"
        + some(["center=false", "scale=false", "momentum=0.5", "gamma_constraint=non_neg"], each: 30)
    case 4 where depth < 2:
      let inner = layers(upTo: 2, depth: depth + 1).joined(separator: "; ")
      switch below(3) {
      case 0: return "repeat \(1 + below(3)) < \(inner.isEmpty ? "dense 3" : inner) >"
      case 1: return "residual < \(inner.isEmpty ? "activation tanh" : inner) >"
      default: return "parallel < < \(inner) > < dense 2 tanh > >"
      }
    default:
      return "dense \(1 + below(17)) \(pick(Self.activations))"
        + some(
          [
            "l2=0.01", "bias=false", "init=he_normal", "init=orthogonal", "activity_l1=0.001",
            "constraint=max_norm(1)", "constraint=min_max_norm(0.1, 2, rate=0.5, axis=1)",
            "bias_regularizer=l1l2(0.1, 0.2)", "regularizer=orthogonal(mode=columns)",
          ], each: 10)
    }
  }

  private var compile: String {
    mutating get {
      let loss = below(2) == 0 ? " loss=" + pick(Self.losses) : ""
      let optimizer =
        pick(Self.optimizers)
        + (below(3) == 0 ? "(\(pick(["accumulate=2", "use_ema", "weight_decay=0.1", "clipvalue=0.5"])))" : "")
      let metrics = (0..<below(4)).map { _ in pick(Self.metrics) }.joined(separator: ", ")
      return "compile\(loss) opt=\(optimizer) lr=\(pick(Self.rates))"
        + some(["clipnorm=1", "ema=0.9", "weighted_metrics=[mean]"], each: 10)
        + (below(3) == 0 ? " metrics=[\(metrics)]" : "")
    }
  }

  private var fit: String {
    mutating get {
      "fit epochs=\(below(4)) batch=\(1 + below(40)) seed=\(below(9))"
        + some(
          [
            "shuffle=false", "validation_split=0.3", "patience=1", "steps=3", "steps_per_epoch=2",
            "validation_freq=2", "validation_freq=[1, 3]", "class_weight=balanced", "class_weight=[2, 1]",
            "callbacks=[terminate_on_nan, reduce_lr_on_plateau(monitor=loss, patience=1), early_stopping(monitor=loss)]",
          ], each: 15)
    }
  }

  private var end: String {
    mutating get {
      pick([
        "evaluate\n", "predict proba\n", "fit epochs=1; evaluate\n", "summary\n", "plot history\n", "",
        "confusion\n", "save \"\(file)\"; model \"\(file)\"; fit epochs=1; summary\n",
      ])
    }
  }

  private static let activations = [
    "relu", "relu(negative_slope=0.1, max_value=6)", "relu(threshold=-1, max_value=2)", "leaky_relu", "elu",
    "elu(-1)", "gelu", "gelu(approximate=true)", "sigmoid", "tanh", "softmax", "linear", "selu", "celu(0.5)",
    "silu", "mish", "softplus", "squareplus", "squareplus(0)", "glu", "hard_silu", "hard_shrink",
    "log_softmax",
    "sparsemax", "exponential", "threshold(0.1, -1)", "soft_shrink", "sparse_plus", "log_sigmoid", "softsign",
  ]

  private static let losses = [
    "mse", "mae", "huber(delta=0.5)", "bce", "bce(from_logits=true, label_smoothing=0.1)", "cce", "sparse",
    "sparse(from_logits=true)", "sparse(ignore_class=0)", "mape", "msle", "log_cosh", "cosine_similarity",
    "poisson", "kld", "hinge", "squared_hinge", "categorical_hinge", "binary_focal_crossentropy(gamma=1.5)",
    "categorical_focal_crossentropy(alpha=[0.2, 0.8])", "categorical_focal_crossentropy(from_logits=true)",
    "categorical_generalized_cross_entropy",
  ]

  private static let optimizers = [
    "sgd", "adam", "rmsprop", "adamw", "nadam", "adamax", "adagrad", "adadelta", "ftrl", "lion", "lamb",
    "adafactor", "muon", "schedule_free_adamw",
  ]

  private static let rates = [
    "0.1", "0.001", "1e6", "0", "cosine(0.1, 5, warmup_target=0.2, warmup_steps=2)",
    "exponential(0.1, 3, 0.5)",
    "piecewise([1, 4], [0.1, 0.2, 0.3])", "polynomial(0.1, 3, cycle, power=2)", "inverse_time(0.1, 2, 0.5)",
    "cosine_restarts(0.1, 2, t_mul=1.5)",
  ]

  private static let metrics = [
    "mae", "r2", "accuracy", "rmse", "cosine", "auc", "auc(curve=pr, multi_label)",
    "precision(thresholds=0.3)",
    "recall(top_k=1)", "f1", "fbeta(2, threshold=none)", "top_k(2)", "true_positives", "mean", "msle",
    "recall_at_precision(0.5)", "pearson_correlation", "bce", "cce", "sparse", "hinge", "binary_accuracy",
  ]
}
