import NNReport

/// Pictures of every kind from made-up numbers, plain and difficult ones. No number is taken from this machine's `exp`.
enum PictureSamples {
  static let all: [(name: String, picture: Picture)] = [
    ("history", history), ("history-difficult", difficultHistory), ("history-one", oneEpoch),
    ("history-none", noEpochs),
    ("predictions", .predictions([agreement(60)], subtitle: "the test part of cars.csv, 60 rows")),
    ("predictions-none", .predictions([Agreement(name: "y", truth: [], predicted: [])], subtitle: "no rows")),
    (
      "predictions-same",
      .predictions([Agreement(name: "y", truth: [3, 3], predicted: [3, .nan])], subtitle: "2 rows")
    ),
    ("residuals", .residuals([agreement(200)], subtitle: "the test part of cars.csv, 200 rows")),
    ("probabilities", .probabilities(outcomes(["no", "yes"], 80), target: "bought", subtitle: "80 rows")),
    (
      "probabilities-three",
      .probabilities(outcomes(["a", "b", "c"], 90), target: "kind", subtitle: "90 rows")
    ),
    ("confusion", confusion(["setosa", "versicolor", "virginica"])),
    (
      "confusion-long-names",
      confusion(["a class whose name goes on and on", "<b>&", "日本語の名前", "\u{1B}[31mred", "", "e", "f", "g"])
    ),
    ("roc", .roc(outcomes(["no", "yes"], 80), subtitle: "80 rows")),
    ("roc-three", .roc(outcomes(["setosa", "versicolor", "virginica"], 90), subtitle: "90 rows")),
    ("roc-many", .roc(outcomes((0..<30).map { "class \($0)" }, 300), subtitle: "300 rows")),
    (
      "roc-one-class",
      .roc(ClassOutcomes(classes: ["no", "yes"], truth: [1, 1], scores: [0, 1, 0, 1]), subtitle: "2 rows")
    ),
    ("pr", .precisionRecall(outcomes(["no", "yes"], 80), subtitle: "80 rows")),
    ("calibration", .calibration(outcomes(["no", "yes"], 400), subtitle: "400 rows")),
    ("importance", importance), ("importance-difficult", difficultImportance), ("runs", runs),
    ("runs-one", oneRun),
    ("network", .network(NetworkDrawing(layers: layers), subtitle: "1,234 parameters")),
    ("network-deep", .network(deep, subtitle: "parameters are known at the first fit")),
    (
      "weights",
      .weights(
        [
          ("1 dense kernel, 4 × 16", (0..<64).map { Float(noise($0)) }), ("1 dense bias, 16", [0, 0, 0]),
          ("bad", [.nan]),
        ],
        subtitle: "weights 0123456789abcdef")
    ),
  ]

  /// A number from −1 to 1 that looks random, by a congruence.
  static func noise(_ index: Int) -> Double {
    var state =
      UInt64(truncatingIfNeeded: index &+ 1) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    state ^= state >> 33
    state = state &* 0xFF51_AFD7_ED55_8CCD
    state ^= state >> 33
    return Double(state >> 11) / Double(1 << 52) - 1
  }

  /// Some function of the epochs from 1 to a last one.
  private static func course(_ last: Int, _ value: (Int) -> Double?) -> [Double?] {
    (1...last).map { value($0) }
  }

  private static let history = Picture.history(
    epochs: Array(1...24),
    values: [
      ("loss", course(24) { 2 / Double($0) + 0.02 * noise($0) }),
      ("mae", course(24) { 1 / Double($0) + 0.3 }),
      ("val_loss", course(24) { 2 / Double($0) + 0.01 * Double($0) }),
      ("val_mae", course(24) { $0 % 3 == 0 ? 1 / Double($0) + 0.4 : nil }),
    ],
    learningRates: (1...24).map { $0 < 12 ? 0.1 : 0.01 }, kept: 14, lossName: "mse")

  private static func spiked(_ epoch: Int) -> Double {
    if epoch == 2_500 { return 900 }
    return epoch > 4_000 && epoch < 4_200 ? .nan : 1_000 / Double(epoch)
  }

  private static let difficultHistory = Picture.history(
    epochs: Array(1...5_000),
    values: [
      ("loss", course(5_000, spiked)),
      ("val_loss", course(5_000) { $0 == 77 ? Double.infinity : 2_000 / Double($0) }),
    ], kept: 5_000)
  private static let oneEpoch = Picture.history(epochs: [7], values: [("loss", [0.5])], kept: 7)
  private static let noEpochs = Picture.history(epochs: [], values: [("loss", [])], kept: nil)

  static func agreement(_ rows: Int) -> Agreement {
    let truth = (0..<rows).map { 20 + 15 * noise($0) }
    let predicted = (0..<rows).map { row -> Double in
      let error = 3 * noise(row + rows)
      return truth[row] * 0.9 + 2 + error
    }
    return Agreement(name: "mpg", truth: truth, predicted: predicted)
  }

  static func outcomes(_ classes: [String], _ rows: Int) -> ClassOutcomes {
    let truth = (0..<rows).map { Int(abs(noise($0)) * Double(classes.count)) % classes.count }
    var scores: [Float] = []
    for row in 0..<rows {
      var raw = classes.indices.map { abs(noise(row * 31 + $0 + 7)) + 0.02 }
      raw[truth[row]] += 0.6
      let sum = raw.reduce(0, +)
      scores += raw.map { Float($0 / sum) }
    }
    return ClassOutcomes(classes: classes, truth: truth, scores: scores)
  }

  static func confusion(_ classes: [String]) -> Picture {
    let size = classes.count
    let counts = (0..<size * size).map { place -> Int in
      place / size == place % size ? 90 + place % 7 : Int(abs(noise(place)) * 12)
    }
    return Picture.confusion(
      classes: classes, counts: counts, target: "kind", subtitle: "the test part of kinds.csv")
  }

  private static let importance = Picture.importance(
    [
      .init("petal_width", 0.412, spread: 0.05), .init("petal_length", 0.2034, spread: 0.031),
      .init("sepal_width", 0.012, spread: 0.008), .init("sepal_length", -0.004, spread: 0.002),
    ], measure: "loss", subtitle: "the test part of iris.csv, 30 rows; 10 shuffles a feature")
  private static let difficultImportance = Picture.importance(
    (0..<40).map { index -> BarList.Bar in
      let name = index == 3 ? "a column whose name is a whole sentence, and then some" : "column \(index)"
      return BarList.Bar(name, index == 5 ? .nan : 1 / Double(index + 1))
    },
    measure: "val_mean_absolute_percentage_error", subtitle: "all of wide.csv, training rows included")

  private static let activations = ["relu", "tanh", "gelu", "a very long name of an activation"]

  private static let runs = Picture.runs(
    (0..<24).map { index -> PicturedRun in
      let end = 0.3 + 0.2 * noise(index)
      return PicturedRun(
        name: "run \(index + 1)",
        settings: [
          ("lr", ["0.1", "0.01", "0.001"][index % 3]), ("width", ["8", "64"][index / 3 % 2]),
          ("activation", activations[index / 6]),
        ], result: index == 5 ? .nan : end, course: (1...20).map { end + 1 / Double($0) })
    }, measure: "val_loss", isSmallBest: true, subtitle: "24 runs, the smaller the val_loss, the better")
  private static let oneRun = Picture.runs(
    [PicturedRun(name: "run 1", settings: [], result: nil, course: [])], measure: "loss", isSmallBest: true,
    subtitle: "1 run")

  private static let layers: [NetworkDrawing.Layer] = [
    .init("input", width: 9, parameters: 0), .init("dense", detail: "relu", width: 64, parameters: 640),
    .init("dropout", detail: "0.1", width: 64, parameters: 0),
    .init(
      "residual", width: 64, parameters: 4_160,
      branches: [[.init("dense", detail: "relu", width: 64, parameters: 4_160)]], isResidual: true),
    .init(
      "parallel", width: 24, parameters: 1_560,
      branches: [
        [.init("dense", detail: "relu", width: 16, parameters: 1_040)],
        [
          .init("dense", detail: "tanh", width: 8, parameters: 520), .init("dense", width: 8, parameters: 72),
        ],
      ]),
    .init("output", detail: "softmax", width: 3, parameters: 75),
  ]
  private static let deep: NetworkDrawing = {
    var layers = [NetworkDrawing.Layer("input", width: nil, parameters: 0)]
    for index in 0..<100 { layers.append(.init("dense", detail: "relu", width: 8 + index, parameters: nil)) }
    let branches = (0..<9).map { index in
      [NetworkDrawing.Layer("dense", detail: "a name that does not fit", width: index, parameters: nil)]
    }
    layers.append(.init("parallel", width: nil, parameters: nil, branches: branches))
    return NetworkDrawing(layers: layers)
  }()
}
