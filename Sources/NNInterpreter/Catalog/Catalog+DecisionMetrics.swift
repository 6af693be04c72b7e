import NNEngine

extension Catalog {
  private static let thresholds = OptionDeclaration(
    "thresholds", aliases: ["threshold"], .optional(.number(.unit)), default: BoundValue.none,
    positional: true, "an output above it says yes; 0.5, if there is no `top_k`")
  private static let topK = OptionDeclaration(
    "top_k", .optional(.integer(1...Int.max)), default: BoundValue.none,
    "only so many of a row's largest outputs can say yes")
  private static let classID = OptionDeclaration(
    "class_id", .optional(.integer(0...Int.max)), default: BoundValue.none,
    "the only class that counts, from 0; else all together")
  private static let thresholdCount = OptionDeclaration(
    "num_thresholds", .integer(1...1_000_000), default: .integer(200), "number of thresholds to try")

  private static func decisions(_ site: MetricSite) -> DecisionCounts {
    DecisionCounts(
      threshold: site.arguments.float("thresholds")
        ?? (site.arguments.integer("top_k") == nil ? site.decision : nil),
      topK: site.arguments.integer("top_k"), classID: site.arguments.integer("class_id"),
      targets: site.targets)
  }

  private static func counted(
    _ kind: DecisionCount.Kind, _ name: String, _ summary: String
  ) -> MetricEntry {
    MetricEntry(name, summary, nil, on: .classes, options: [thresholds]) {
      DecisionCount(kind, decisions($0), name: $0.name)
    }
  }

  /// Metrics of yes-or-no decisions.
  static let decisionMetrics: [MetricEntry] = [
    MetricEntry(
      "precision", "share of what was said to be positive that is", .maximize, on: .classes,
      options: [thresholds, topK, classID]
    ) { Precision(decisions($0), name: $0.name) },
    MetricEntry(
      "recall", "share of what is positive that was said to be", .maximize, on: .classes,
      options: [thresholds, topK, classID]
    ) { Recall(decisions($0), name: $0.name) },
    MetricEntry(
      "f1", aliases: ["f1_score"], "harmonic mean of precision and recall", .maximize, on: .classes,
      options: [average, decisionThreshold]
    ) { fBeta($0, beta: 1) },
    MetricEntry(
      "fbeta", aliases: ["fbeta_score", "f_beta_score"], "weighted harmonic mean of precision and recall",
      .maximize, on: .classes,
      options: [
        OptionDeclaration(
          "beta", .number(.positive), default: .number(1), positional: true, "how much more recall weighs"),
        average, decisionThreshold,
      ]
    ) { fBeta($0, beta: $0.arguments.float("beta", or: 1)) },
    counted(.truePositives, "true_positives", "positives that were said to be"),
    counted(.falsePositives, "false_positives", "negatives that were said to be positive"),
    counted(.trueNegatives, "true_negatives", "negatives that were said to be"),
    counted(.falseNegatives, "false_negatives", "positives that were said to be negative"),
  ]

  // Keras's `average` is None: a score for each class, where the history wants one number. `macro`, their mean, stands
  // for it here; `none` is refused with the names of the others.
  private static let average = OptionDeclaration(
    "average", .choice(FBetaScore.Average.allCases.map(\.rawValue)),
    default: .text(FBetaScore.Average.macro.rawValue), "how the classes' scores become one")

  // Keras's `threshold` is None: the row's largest output is the yes. Of a single output that is always itself, and of
  // several independent ones it is one too few or too many, so targets of 0 and 1 are decided at 0.5, unless
  // `threshold=none` asks for Keras's way.
  private static let decisionThreshold = OptionDeclaration(
    "threshold", .optional(.number(NumberRange(0, 1, excludesLower: true))),
    "an output above it says yes, with `none` the largest does; 0.5 for 0 or 1, `none` for several classes")

  private static func fBeta(_ site: MetricSite, beta: Float) -> any Metric {
    let isBinary = site.target == .binary || site.target == .numbers
    return FBetaScore(
      beta: beta, average: site.arguments.choice("average", or: .macro),
      threshold: site.arguments.isGiven("threshold") || !isBinary
        ? site.arguments.float("threshold") : site.decision ?? 0.5,
      targets: site.targets, name: site.name)
  }

  /// Metrics of decisions at many thresholds.
  static let curveMetrics: [MetricEntry] =
    [
      MetricEntry(
        "auc", "area under the ROC or the precision-recall curve", .maximize, on: .classes,
        options: [
          // Keras writes them large.
          OptionDeclaration(
            "curve", .either(.choice(["roc", "pr", "prgain"]), .choice(["ROC", "PR", "PRGAIN"])),
            default: .text("roc"), positional: true, "which curve"),
          OptionDeclaration(
            "num_thresholds", .integer(2...1_000_000), default: .integer(200),
            "number of points of the curve"),
          OptionDeclaration(
            "summation_method", .choice(AreaUnderCurve.Summation.allCases.map(\.rawValue)),
            default: .text("interpolation"), "how the area between two points is taken"),
          OptionDeclaration(
            "thresholds", .optional(.list(.number(.unit))), default: BoundValue.none,
            "the thresholds, instead of evenly spaced ones"),
          OptionDeclaration(
            "multi_label", .boolean, default: .boolean(false),
            "an area for each output, then their mean; else all together"),
          OptionDeclaration(
            "label_weights", .optional(.list(.number(.nonNegative))), default: BoundValue.none,
            "a weight for each output"),
          OptionDeclaration(
            "from_logits", .boolean, default: .boolean(false),
            "the network's outputs are not yet probabilities"
          ),
        ], make: areaUnderCurve)
    ]
    + [
      (.sensitivityAtSpecificity, "specificity", "best sensitivity where specificity is high enough"),
      (.specificityAtSensitivity, "sensitivity", "best specificity where sensitivity is high enough"),
      (.precisionAtRecall, "recall", "best precision where recall is high enough"),
      (.recallAtPrecision, "precision", "best recall where precision is high enough"),
    ].map { (kind: RateAtRate.Kind, bound: String, summary: String) in
      MetricEntry(
        kind.rawValue, summary, .maximize, on: .classes,
        options: [
          OptionDeclaration(
            bound, .number(.unit), positional: true, required: true, "least \(bound) that is high enough"),
          thresholdCount, classID,
        ]
      ) {
        RateAtRate(
          kind, least: $0.arguments.float(bound, or: 0),
          count: $0.arguments.integer("num_thresholds", or: 200),
          classID: $0.arguments.integer("class_id"), targets: $0.targets, name: $0.name)
      }
    }

  private static let areaUnderCurve: @Sendable (MetricSite) -> any Metric = { site in
    let arguments = site.arguments
    return AreaUnderCurve(
      curve: arguments.text("curve").flatMap { .init(rawValue: $0.lowercased()) } ?? .roc,
      count: arguments.integer("num_thresholds", or: 200), thresholds: arguments.numbers("thresholds"),
      summation: arguments.choice("summation_method", or: .interpolation),
      multiLabel: arguments.boolean("multi_label"), labelWeights: arguments.floats("label_weights"),
      fromLogits: arguments.boolean("from_logits"), targets: site.targets, name: site.name)
  }
}
