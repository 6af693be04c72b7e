import Testing

@testable import NNEngine

/// Metrics beside the values of Keras 3.15.1 (TensorFlow 2.21), without and with sample weights.
@Suite("Metrics as in Keras")
struct KerasMetricTests {
  struct Case: CustomStringConvertible, Sendable {
    var description: String
    var metric: any Metric
    var plain: Double
    var weighted: Double
    init(_ description: String, _ metric: any Metric, _ plain: Double, _ weighted: Double) {
      self.description = description
      self.metric = metric
      self.plain = plain
      self.weighted = weighted
    }
  }

  static let rows = 300

  /// 300 outputs among 0, 0.01 … 1 and targets 0 and 1.
  static let binary = Dataset(
    features: Matrix(rows: rows, columns: 1, values: (0..<rows).map { Float(($0 * 37 + 11) % 101) / 100 }),
    targets: Matrix(
      rows: rows, columns: 1, values: (0..<rows).map { ($0 * $0 * 7 + $0 * 3) % 5 < 2 ? Float(1) : 0 }),
    weights: weights)

  /// Three outputs a row, often two of them equal, and three classes.
  static let classes = Dataset(
    features: outputs, targets: Matrix(rows: rows, columns: 1, values: ids { ($0 * $0 * $0 + $0) % 11 % 3 }),
    weights: weights)

  /// The same outputs; the second class never occurs.
  static let withoutOneClass = Dataset(
    features: outputs, targets: Matrix(rows: rows, columns: 1, values: ids { ($0 * $0 + 2 * $0) % 3 }),
    weights: weights)

  /// Three targets and predictions a row.
  static let numbers = Dataset(
    features: table { Float(($0 * 17 + $1 * 23 + 3) % 29) / 8 - 1 },
    targets: table { Float(($0 * 13 + $1 * 29 + 5) % 31) / 8 - 1 }, weights: weights)

  private static let weights = (0..<rows).map { Float($0 % 4) * 0.5 }
  private static let outputs = table { Float(($0 * 37 + $1 * 53 + 11) % 97) / 96 }
  private static let logits = table { (Float(($0 * 37 + $1 * 53 + 11) % 97) / 96 - 0.5) * 8 }

  private static func table(_ value: (Int, Int) -> Float) -> Matrix {
    Matrix(
      rows: rows, columns: 3, values: (0..<rows).flatMap { row in (0..<3).map { value(row, $0) } })
  }

  private static func ids(_ id: (Int) -> Int) -> [Float] { (0..<rows).map { Float(id($0)) } }

  private func check(_ one: Case, _ metric: any Metric, _ data: Dataset, _ loss: any Loss) throws {
    let list = try evaluate(
      identity(data.features.columns), on: data, loss: loss, metrics: [metric, WeightedMetric(metric)])
    #expect(abs(list[1].value - one.plain) < 2e-6, "\(one): \(list[1].value), Keras \(one.plain)")
    #expect(abs(list[2].value - one.weighted) < 2e-6, "\(one), weighted: \(list[2].value)")
  }

  private static func auc(
    _ curve: AreaUnderCurve.Curve, _ summation: AreaUnderCurve.Summation, _ plain: Double, _ weighted: Double
  ) -> Case {
    Case("auc \(curve) \(summation)", AreaUnderCurve(curve: curve, summation: summation), plain, weighted)
  }

  @Test(
    "one output, targets 0 and 1",
    arguments: [
      auc(.roc, .interpolation, 0.4950694441795349, 0.4926851987838745),
      auc(.roc, .minoring, 0.4914351999759674, 0.48983538150787354),
      auc(.roc, .majoring, 0.4987037181854248, 0.4955349862575531),
      auc(.pr, .interpolation, 0.38839802145957947, 0.38415607810020447),
      auc(.pr, .minoring, 0.383167564868927, 0.3769884705543518),
      auc(.pr, .majoring, 0.393205463886261, 0.3908359408378601),
      auc(.prgain, .interpolation, -0.004047726280987263, -0.007845411077141762),
      auc(.prgain, .minoring, -0.011538738384842873, -0.019536780193448067),
      auc(.prgain, .majoring, 0.0034432834945619106, 0.003845958039164543),
      Case("five", AreaUnderCurve(count: 5), 0.49372684955596924, 0.49524691700935364),
      Case("two", AreaUnderCurve(count: 2), 0.5, 0.5),
      // Outputs equal to a threshold are not above it.
      Case("given", AreaUnderCurve(thresholds: [0.9, 0.1, 0.4]), 0.5001851916313171, 0.5026955008506775),
      Case(
        "given, pr", AreaUnderCurve(curve: .pr, thresholds: [0.9, 0.1, 0.4]), 0.40672987699508667,
        0.4008060097694397),
      Case("even", AreaUnderCurve(thresholds: [0.5, 0.25, 0.75]), 0.49372684955596924, 0.49524691700935364),
      Case("precision", Precision(), 0.4026845693588257, 0.4035874307155609),
      Case("recall", Recall(), 0.5, 0.5),
      Case("at 0.37", Precision(DecisionCounts(threshold: 0.37)), 0.4117647111415863, 0.41281139850616455),
      Case("above 1", Precision(DecisionCounts(threshold: 1)), 0, 0),
      Case("tp", DecisionCount(.truePositives, DecisionCounts(threshold: 0.25), name: "n"), 88, 65),
      Case("fp", DecisionCount(.falsePositives, DecisionCounts(threshold: 0.25), name: "n"), 135, 102),
      Case("tn", DecisionCount(.trueNegatives, DecisionCounts(threshold: 0.25), name: "n"), 45, 33),
      Case("fn", DecisionCount(.falseNegatives, DecisionCounts(threshold: 0.25), name: "n"), 32, 25),
      Case("f1", FBetaScore(threshold: 0.5), 0.44609659910202026, 0.44665002822875977),
      // The largest of one output is that output.
      Case("f1 of the largest", FBetaScore(), 0.5755395293235779, 0.5750797986984253),
    ])
  func binary(_ one: Case) throws { try check(one, one.metric, Self.binary, MeanSquaredError()) }

  private static let rates: [Case] = [
    Case(
      "sensitivity", RateAtRate(.sensitivityAtSpecificity, least: 0.6), 0.3933333456516266, 0.3844444453716278
    ),
    Case(
      "sensitivity of a class", RateAtRate(.sensitivityAtSpecificity, least: 0.4, count: 10, classID: 1),
      0.5454545617103577, 0.5243902206420898),
    Case(
      "sensitivity, one threshold", RateAtRate(.sensitivityAtSpecificity, least: 0.3, count: 1),
      0.49000000953674316, 0.46888887882232666),
    Case(
      "specificity", RateAtRate(.specificityAtSensitivity, least: 0.6), 0.4033333361148834,
      0.38999998569488525),
    Case(
      "specificity of a class", RateAtRate(.specificityAtSensitivity, least: 0.4, count: 10, classID: 1),
      0.5551020503044128, 0.5489130616188049),
    Case("precision", RateAtRate(.precisionAtRecall, least: 0.6), 0.336826354265213, 0.3385457396507263),
    Case(
      "precision of a class", RateAtRate(.precisionAtRecall, least: 0.4, count: 10, classID: 1),
      0.18686868250370026, 0.18426966667175293),
    Case("recall, never", RateAtRate(.recallAtPrecision, least: 0.6), 0, 0),
    Case(
      "recall, one threshold", RateAtRate(.recallAtPrecision, least: 0.3, count: 1), 0.49000000953674316,
      0.46888887882232666),
  ]

  private static let decided: [Case] = [
    Case("precision", Precision(), 0.3310810923576355, 0.3168168067932129),
    Case("recall", Recall(), 0.49000000953674316, 0.46888887882232666),
    Case(
      "precision at 0.3", Precision(DecisionCounts(threshold: 0.3)), 0.33174604177474976, 0.3301486074924469),
    Case("precision of 2", Precision(DecisionCounts(topK: 2)), 0.33666667342185974, 0.33222222328186035),
    Case("recall of 2", Recall(DecisionCounts(topK: 2)), 0.6733333468437195, 0.6644444465637207),
    Case(
      "precision of 2 at 0.6", Precision(DecisionCounts(threshold: 0.6, topK: 2)), 0.33240997791290283,
      0.3252788186073303),
    Case(
      "recall of 2 at 0.6", Recall(DecisionCounts(threshold: 0.6, topK: 2)), 0.4000000059604645,
      0.3888888955116272),
    Case(
      "precision of class 1", Precision(DecisionCounts(classID: 1)), 0.1812080591917038, 0.1644444465637207),
    Case("recall of class 1", Recall(DecisionCounts(classID: 1)), 0.4909090995788574, 0.45121949911117554),
    Case(
      "precision of class 2 of 1", Precision(DecisionCounts(topK: 1, classID: 2)), 0.3602941036224365,
      0.3564356565475464),
    Case(
      "recall of class 2 of 1", Recall(DecisionCounts(topK: 1, classID: 2)), 0.44954127073287964,
      0.4390243887901306),
    Case("top 1", TopKAccuracy(k: 1), 0.28999999165534973, 0.2844444513320923),
    Case("top 2", TopKAccuracy(k: 2), 0.6733333468437195, 0.6644444465637207),
    Case("accuracy", CategoricalAccuracy(), 0.28999999165534973, 0.2844444513320923),
    Case("binary accuracy", BinaryAccuracy(threshold: 0.4), 0.46888890862464905, 0.46444448828697205),
  ]

  private static let scores: [Case] = [
    Case("f1 micro", FBetaScore(average: .micro), 0.28999993205070496, 0.2844443917274475),
    Case("f1 macro", FBetaScore(average: .macro), 0.27330857515335083, 0.2687522768974304),
    Case("f1 weighted", FBetaScore(average: .weighted), 0.2653871774673462, 0.26251649856567383),
    Case(
      "f2 micro", FBetaScore(beta: 2, average: .micro, threshold: 0.4), 0.5178365707397461, 0.5120828151702881
    ),
    Case(
      "f2 macro", FBetaScore(beta: 2, average: .macro, threshold: 0.4), 0.5053500533103943, 0.4970508813858032
    ),
    Case(
      "f2 weighted", FBetaScore(beta: 2, average: .weighted, threshold: 0.4), 0.5235016942024231,
      0.5190092921257019),
  ]

  private static let areas: [Case] = [
    Case("auc", AreaUnderCurve(), 0.49789726734161377, 0.4904678761959076),
    Case(
      "auc, labels weighted", AreaUnderCurve(labelWeights: [1, 2, 0.5]), 0.49644577503204346,
      0.4853111207485199),
    Case("pr", AreaUnderCurve(curve: .pr), 0.3273777961730957, 0.32398882508277893),
    Case(
      "pr, labels weighted", AreaUnderCurve(curve: .pr, labelWeights: [1, 2, 0.5]), 0.2853696644306183,
      0.2746409773826599),
    Case("auc of each", AreaUnderCurve(multiLabel: true), 0.4983823299407959, 0.4877833127975464),
    Case(
      "auc of each, weighted", AreaUnderCurve(multiLabel: true, labelWeights: [1, 2, 0.5]),
      0.49714329838752747, 0.48151323199272156),
    Case(
      "pr of each", AreaUnderCurve(curve: .pr, multiLabel: true), 0.33391663432121277, 0.32671815156936646),
    Case(
      "pr of each, weighted", AreaUnderCurve(curve: .pr, multiLabel: true, labelWeights: [1, 2, 0.5]),
      0.29362058639526367, 0.2780233919620514),
  ]

  /// Keras is given one-hot targets; class ids must come to the same.
  @Test("classes, one-hot and as ids", arguments: decided + scores + areas + rates)
  func classes(_ one: Case) throws {
    try check(one, one.metric, oneHot(Self.classes, classes: 3), MeanSquaredError())
    let sparse: any Metric =
      switch one.metric {
      case let metric as Precision: reading(metric, \.decisions.targets)
      case let metric as Recall: reading(metric, \.decisions.targets)
      case is CategoricalAccuracy: SparseCategoricalAccuracy()
      case let metric as BinaryAccuracy: reading(metric, \.targets)
      case let metric as TopKAccuracy: reading(metric, \.targets)
      case let metric as FBetaScore: reading(metric, \.targets)
      case let metric as AreaUnderCurve: reading(metric, \.targets)
      case let metric as RateAtRate: reading(metric, \.targets)
      default: one.metric
      }
    try check(one, sparse, Self.classes, SparseCategoricalCrossentropy(fromLogits: true))
  }

  private func reading<M: Metric>(_ metric: M, _ path: WritableKeyPath<M, MetricTargets>) -> any Metric {
    var metric = metric
    metric[keyPath: path] = .classIDs
    return metric
  }

  @Test(
    "a class that never occurs",
    arguments: [
      Case("auc of each", AreaUnderCurve(multiLabel: true), 0.3333333432674408, 0.3377777636051178),
      Case("f1 macro", FBetaScore(), 0.1799820512533188, 0.18709687888622284),
      Case("f1 weighted", FBetaScore(average: .weighted), 0.2328454852104187, 0.245405912399292),
      Case("precision", Precision(DecisionCounts(classID: 1)), 0, 0),
      Case("recall", Recall(DecisionCounts(classID: 1)), 0, 0),
    ])
  func emptyClass(_ one: Case) throws {
    try check(one, one.metric, oneHot(Self.withoutOneClass, classes: 3), MeanSquaredError())
  }

  @Test(
    "logits",
    arguments: [
      Case("auc", AreaUnderCurve(fromLogits: true), 0.4977944493293762, 0.49028149247169495),
      Case(
        "given", AreaUnderCurve(thresholds: [0.2, 0.9], fromLogits: true), 0.4891749918460846,
        0.4860147535800934),
    ])
  func logits(_ one: Case) throws {
    var data = oneHot(Self.classes, classes: 3)
    data.features = Self.logits
    try check(one, one.metric, data, MeanSquaredError())
  }

  @Test(
    "numbers",
    arguments: [
      Case("cosine", CosineSimilarityMetric(), 0.30742764472961426, 0.3164895176887512),
      Case("pearson", RowCorrelation(.pearson), 0.2089838832616806, 0.17544326186180115),
      Case("concordance", RowCorrelation(.concordance), 0.06949731707572937, 0.06955033540725708),
      Case("r2", R2Score(), -0.8373201489448547, -0.8635715842247009),
      Case(
        "r2, by variance", R2Score(aggregation: .varianceWeighted), -0.8375160694122314, -0.8642336130142212),
      Case("r2, adjusted", R2Score(regressors: 4), -0.8455315828323364, -0.8719005584716797),
      Case("rmse", RootMeanSquaredErrorMetric(), 1.5156017541885376, 1.5275745391845703),
      Case("mae", MeanAbsoluteErrorMetric(), 1.236944317817688, 1.245833158493042),
    ])
  func numbers(_ one: Case) throws { try check(one, one.metric, Self.numbers, MeanSquaredError()) }

  @Test("rows of an ignored class count in the metric, unless rows are weighted")
  func ignoredClass() throws {
    let loss = SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: 1)
    let one = Case("ignored", LossMetric(loss), 0.9241488575935364, 1.1357183456420898)
    try check(one, one.metric, Self.classes, loss)
  }
}

/// A network that hands its inputs through, so that metrics see chosen predictions.
func identity(_ width: Int) throws -> Network {
  var network = try Network(inputWidth: width, layers: [Dense(units: width, useBias: false)])
  let eye = (0..<(width * width)).map { $0 / width == $0 % width ? Float(1) : 0 }
  try network.setParameter(name: "layers.0.kernel", shape: [width, width], values: eye)
  return network
}
