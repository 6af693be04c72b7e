import NNEngine

extension Catalog {
  /// Metrics, under the names they have in the history, with Keras 3's definitions. Every loss is a metric too.
  static let metrics: [MetricEntry] =
    accuracies + decisionMetrics + curveMetrics + valueMetrics + lossMetrics

  static func metric(named name: String) -> MetricEntry? { metrics.first { $0.name == name } }

  private static let accuracies: [MetricEntry] = [
    // Several 0/1 columns of `binary_crossentropy` are judged one by one, where Keras's `accuracy` compares their largest.
    MetricEntry("accuracy", aliases: ["acc"], "share of rows whose class is right", .maximize, on: .classes) {
      switch $0.target {
      case .sparseClasses: SparseCategoricalAccuracy(name: $0.name)
      case .oneHotClasses: CategoricalAccuracy(name: $0.name)
      case .numbers where ($0.targetColumns ?? 1) > 1: CategoricalAccuracy(name: $0.name)
      default: BinaryAccuracy(threshold: $0.decision ?? 0.5, name: $0.name)
      }
    },
    MetricEntry(
      "binary_accuracy", "share of outputs on the right side of a threshold", .maximize, on: .classes,
      options: [
        OptionDeclaration(
          "threshold", .number(.any), default: .number(0.5), positional: true, "an output above it says yes")
      ]
    ) {
      BinaryAccuracy(
        threshold: $0.arguments.isGiven("threshold")
          ? $0.arguments.float("threshold", or: 0.5) : $0.decision ?? 0.5,
        targets: $0.targets, name: $0.name)
    },
    MetricEntry(
      "categorical_accuracy", "share of rows whose largest output is the right one", .maximize,
      on: .severalClasses, make: ofLargest),
    MetricEntry(
      "sparse_categorical_accuracy", "share of rows whose largest output is the right one", .maximize,
      on: .severalClasses, make: ofLargest),
    MetricEntry(
      "top_k",
      aliases: ["top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy", "top_k_accuracy"],
      "share of rows whose class is among the k largest outputs", .maximize, on: .severalClasses,
      options: [
        OptionDeclaration("k", .integer(1...Int.max), default: .integer(5), positional: true, "how many")
      ]
    ) { TopKAccuracy(k: $0.arguments.integer("k", or: 5), targets: $0.targets, name: $0.name) },
  ]

  private static let ofLargest: @Sendable (MetricSite) -> any Metric = {
    $0.targets == .classIDs
      ? SparseCategoricalAccuracy(name: $0.name) as any Metric : CategoricalAccuracy(name: $0.name)
  }

  private static let valueMetrics: [MetricEntry] = [
    MetricEntry(
      "rmse", aliases: ["root_mean_squared_error"], "root of the mean squared error", .minimize, on: .values
    ) { RootMeanSquaredErrorMetric(name: $0.name) },
    MetricEntry(
      "r2", aliases: ["r2_score"], "share of the variance explained", .maximize, on: .values,
      options: [
        OptionDeclaration(
          "class_aggregation", .choice(R2Score.Aggregation.allCases.map(\.rawValue)),
          default: .text(R2Score.Aggregation.uniform.rawValue), "how several outputs become one number"),
        OptionDeclaration(
          "num_regressors", .integer(0...Int.max), default: .integer(0),
          "number of features, for the adjusted score"),
      ]
    ) {
      R2Score(
        aggregation: $0.arguments.choice("class_aggregation", or: .uniform),
        regressors: $0.arguments.integer("num_regressors", or: 0), name: $0.name)
    },
    MetricEntry(
      "cosine", aliases: ["cosine_similarity"], "cosine between targets and outputs of a row, up to 1",
      .maximize, on: .values
    ) { CosineSimilarityMetric(name: $0.name) },
    MetricEntry(
      "pearson_correlation", "correlation of targets and outputs of a row", .maximize, on: .severalValues
    ) { RowCorrelation(.pearson, name: $0.name) },
    MetricEntry(
      "concordance_correlation", "agreement of targets and outputs of a row", .maximize, on: .severalValues
    ) { RowCorrelation(.concordance, name: $0.name) },
    // Keras's Mean takes no targets, and `compile` refuses it there.
    MetricEntry("mean", "mean of the predictions, whatever the target is", nil, on: .anything) {
      MeanOfPredictions(targets: $0.targets, name: $0.name)
    },
  ]

  // Keras's metric named `cosine_similarity` has the opposite sign.
  private static let lossMetrics: [MetricEntry] = losses.filter { $0.name != "cosine_similarity" }.map {
    loss in
    let isOfIDs = loss.make(BoundArguments()).target == .sparseClasses
    return MetricEntry(
      loss.name, aliases: loss.aliases, loss.summary, .minimize, on: isOfIDs ? .classIDs : .values,
      options: loss.options
    ) { LossMetric(loss.make($0.arguments).loss, name: $0.name) }
  }
}
