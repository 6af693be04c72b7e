import NNEngine

/// A loss and what it expects of the target and the network.
public struct LossProduct: Sendable {
  /// What the target column must be for this loss.
  public enum Target: Sendable {
    /// Numbers, one column for each of the network's outputs.
    case numbers
    /// Two classes (one output), or columns of 0 and 1.
    case binary
    /// One column of classes, compared with a row of probabilities by the class's index.
    case sparseClasses
    /// One column of classes, compared as a one-hot row.
    case oneHotClasses
  }

  /// What the loss takes the network's outputs for.
  public enum Output: Sendable {
    case numbers, positiveNumbers, probabilities
    /// What a sigmoid or softmax would make probabilities of.
    case logits
    /// How far a class is ahead: above 0 for the second of two, largest for one of many.
    case margins
  }

  public let loss: any Loss
  public let target: Target
  public let output: Output
  /// The loss to take in its place where there are more than two classes.
  public let forManyClasses: String

  init(
    loss: any Loss, target: Target, output: Output? = nil,
    forManyClasses: String = "sparse_categorical_crossentropy"
  ) {
    self.loss = loss
    self.target = target
    self.forManyClasses = forManyClasses
    if let output {
      self.output = output
    } else if case .numbers = target {
      self.output = .numbers
    } else {
      self.output = .probabilities
    }
  }

  /// The activation that `output` takes.
  var outputActivation: Component {
    let name =
      switch (output, target) {
      case (.numbers, _), (.margins, _), (.logits, _): "linear"
      case (.positiveNumbers, _): "exponential"
      case (.probabilities, .binary), (.probabilities, .numbers): "sigmoid"
      case (.probabilities, _): "softmax"
      }
    return Component(kind: .activation, name: name)
  }
}

extension Catalog {
  private static let fromLogits = OptionDeclaration(
    "from_logits", .boolean, default: .boolean(false), "the network's outputs are not yet probabilities")
  private static let labelSmoothing = OptionDeclaration(
    "label_smoothing", .number(.unit), default: .number(0), "share by which targets move towards even odds")
  private static let gamma = OptionDeclaration(
    "gamma", .number(.nonNegative), default: .number(2), positional: true,
    "how much rows that are already right are left out")

  private static func of(_ loss: any Loss, _ target: LossProduct.Target, _ output: LossProduct.Output? = nil)
    -> @Sendable (BoundArguments) -> LossProduct
  {
    { _ in LossProduct(loss: loss, target: target, output: output) }
  }

  /// What a loss of probabilities takes outputs for.
  private static func output(_ arguments: BoundArguments) -> LossProduct.Output {
    arguments.boolean("from_logits") ? .logits : .probabilities
  }

  private static func margins(_ loss: any Loss) -> @Sendable (BoundArguments) -> LossProduct {
    { _ in
      LossProduct(loss: loss, target: .binary, output: .margins, forManyClasses: "categorical_hinge")
    }
  }

  /// Losses, with Keras 3's names, defaults and formulas.
  static let losses: [Entry<LossProduct>] = numberLosses + twoClassLosses + manyClassLosses

  private static let numberLosses: [Entry<LossProduct>] = [
    Entry(
      "mse", aliases: ["mean_squared_error"], "mean squared error", make: of(MeanSquaredError(), .numbers)),
    Entry(
      "mae", aliases: ["mean_absolute_error"], "mean absolute error", make: of(MeanAbsoluteError(), .numbers)),
    Entry(
      "mape", aliases: ["mean_absolute_percentage_error"], "mean absolute error in per cent of the target",
      make: of(MeanAbsolutePercentageError(), .numbers)),
    Entry(
      "msle", aliases: ["mean_squared_logarithmic_error"], "mean squared error of ln(1 + x)",
      make: of(MeanSquaredLogarithmicError(), .numbers)),
    Entry(
      "huber", "squared near 0, absolute beyond delta",
      options: [
        OptionDeclaration(
          "delta", .number(.positive), default: .number(1), positional: true,
          "where it turns from squared to absolute")
      ]
    ) { LossProduct(loss: Huber(delta: $0.float("delta", or: 1)), target: .numbers) },
    Entry(
      "log_cosh", aliases: ["logcosh", "log_cosh_error"],
      "ln cosh of the error: squared near 0, absolute far away",
      make: of(LogCosh(), .numbers)),
    Entry(
      "cosine_similarity", "minus the cosine between the targets and the outputs of a row",
      make: of(CosineSimilarity(), .numbers)),
    Entry(
      "poisson", "for counts: p − t · ln p, the outputs p positive",
      make: of(Poisson(), .numbers, .positiveNumbers)),
  ]

  private static let twoClassLosses: [Entry<LossProduct>] = [
    Entry(
      "binary_crossentropy", aliases: ["bce"], "cross-entropy of two classes",
      options: [fromLogits, labelSmoothing]
    ) {
      LossProduct(
        loss: BinaryCrossentropy(
          fromLogits: $0.boolean("from_logits"), labelSmoothing: $0.float("label_smoothing", or: 0)),
        target: .binary, output: output($0))
    },
    Entry(
      "binary_focal_crossentropy", "cross-entropy of two classes, rows that are already right counting less",
      options: [
        OptionDeclaration(
          "apply_class_balancing", .boolean, default: .boolean(false),
          "weight the second class by alpha, the first by 1 − alpha"),
        OptionDeclaration("alpha", .number(.any), default: .number(0.25), "weight of the second class"),
        gamma, fromLogits, labelSmoothing,
      ]
    ) {
      LossProduct(
        loss: BinaryFocalCrossentropy(
          applyClassBalancing: $0.boolean("apply_class_balancing"), alpha: $0.float("alpha", or: 0.25),
          gamma: $0.float("gamma", or: 2), fromLogits: $0.boolean("from_logits"),
          labelSmoothing: $0.float("label_smoothing", or: 0)),
        target: .binary, output: output($0), forManyClasses: "categorical_focal_crossentropy")
    },
    Entry(
      "hinge", "how far an output falls short of a margin of 1 on its class's side of 0",
      make: margins(Hinge())),
    Entry(
      "squared_hinge", "the square of hinge's terms", make: margins(SquaredHinge())),
  ]

  private static let manyClassLosses: [Entry<LossProduct>] = [
    Entry(
      "categorical_crossentropy", aliases: ["cce"], "cross-entropy against a one-hot target",
      options: [fromLogits, labelSmoothing]
    ) {
      LossProduct(
        loss: CategoricalCrossentropy(
          fromLogits: $0.boolean("from_logits"), labelSmoothing: $0.float("label_smoothing", or: 0)),
        target: .oneHotClasses, output: output($0))
    },
    Entry(
      "categorical_focal_crossentropy",
      "cross-entropy against a one-hot target, rows that are already right counting less",
      options: [
        OptionDeclaration(
          "alpha", .someOf(.number(.any)), default: .list([Bound(.number(0.25), span: nil)]),
          "weight, or a list with one for each class"),
        gamma, fromLogits, labelSmoothing,
      ]
    ) {
      LossProduct(
        loss: CategoricalFocalCrossentropy(
          alpha: $0.floats("alpha") ?? [], gamma: $0.float("gamma", or: 2),
          fromLogits: $0.boolean("from_logits"), labelSmoothing: $0.float("label_smoothing", or: 0)),
        target: .oneHotClasses, output: output($0))
    },
    Entry(
      "kld", aliases: ["kl_divergence", "kullback_leibler_divergence"],
      "Kullback and Leibler's divergence of a one-hot target, or of columns of shares",
      make: of(KLDivergence(), .oneHotClasses)),
    Entry(
      "categorical_hinge", "how far the right class falls short of a margin of 1 before the best other one",
      make: of(CategoricalHinge(), .oneHotClasses, .margins)),
    Entry(
      "sparse_categorical_crossentropy", aliases: ["sparse", "scce"], "cross-entropy against a class",
      options: [
        fromLogits,
        OptionDeclaration(
          "ignore_class", .optional(.integer(0...Int.max)), default: BoundValue.none,
          "index of a class whose rows do not count"),
      ]
    ) {
      LossProduct(
        loss: SparseCategoricalCrossentropy(
          fromLogits: $0.boolean("from_logits"), ignoreClass: $0.integer("ignore_class")),
        target: .sparseClasses, output: output($0))
    },
    Entry(
      "categorical_generalized_cross_entropy",
      "between cross-entropy and absolute error, for classes that are not all labelled right",
      options: [
        OptionDeclaration(
          "q", .number(NumberRange(0, 1, excludesLower: true, excludesUpper: true)), default: .number(0.5),
          positional: true, "0 is cross-entropy, 1 absolute error")
      ]
    ) {
      LossProduct(
        loss: CategoricalGeneralizedCrossEntropy(q: $0.float("q", or: 0.5)), target: .sparseClasses)
    },
  ]

  static func makeLoss(_ component: Component) -> LossProduct {
    if case .loss(let own)? = component.own { return LossProduct(loss: own, target: .numbers) }
    return losses.first { $0.name == component.name }?.make(component.arguments)
      ?? LossProduct(loss: MeanSquaredError(), target: .numbers)
  }
}
