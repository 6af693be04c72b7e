import NNEngine

/// A loss and what it expects of the target.
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

  public let loss: any Loss
  public let target: Target
}

extension Catalog {
  private static let fromLogits = OptionDeclaration(
    "from_logits", .boolean, default: .boolean(false), "the network's outputs are not yet probabilities")
  private static let labelSmoothing = OptionDeclaration(
    "label_smoothing", .number(.unit), default: .number(0), "share by which targets move towards even odds")

  /// Losses, with Keras 3's names, defaults and formulas.
  static let losses: [Entry<LossProduct>] = [
    Entry("mse", aliases: ["mean_squared_error"], "mean squared error") { _ in
      LossProduct(loss: MeanSquaredError(), target: .numbers)
    },
    Entry("mae", aliases: ["mean_absolute_error"], "mean absolute error") { _ in
      LossProduct(loss: MeanAbsoluteError(), target: .numbers)
    },
    Entry(
      "huber", "squared near 0, absolute beyond delta",
      options: [
        OptionDeclaration(
          "delta", .number(.positive), default: .number(1), positional: true,
          "where it turns from squared to absolute")
      ]
    ) { LossProduct(loss: Huber(delta: $0.float("delta", or: 1)), target: .numbers) },
    Entry(
      "binary_crossentropy", aliases: ["bce"], "cross-entropy of two classes",
      options: [fromLogits, labelSmoothing]
    ) {
      LossProduct(
        loss: BinaryCrossentropy(
          fromLogits: $0.boolean("from_logits"), labelSmoothing: $0.float("label_smoothing", or: 0)),
        target: .binary)
    },
    Entry(
      "categorical_crossentropy", aliases: ["cce"], "cross-entropy against a one-hot target",
      options: [fromLogits, labelSmoothing]
    ) {
      LossProduct(
        loss: CategoricalCrossentropy(
          fromLogits: $0.boolean("from_logits"), labelSmoothing: $0.float("label_smoothing", or: 0)),
        target: .oneHotClasses)
    },
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
        target: .sparseClasses)
    },
  ]

  static func makeLoss(_ component: Component) -> LossProduct {
    losses.first { $0.name == component.name }?.make(component.arguments)
      ?? LossProduct(loss: MeanSquaredError(), target: .numbers)
  }
}
