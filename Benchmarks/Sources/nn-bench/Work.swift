import NN

/// A training task: a network, what trains it, and how much of it is timed. Every peer in peers/ has the same list.
struct Work {
  var widths: [Int]
  var hidden: any Activation = ReLU()
  var output: any Activation = Linear()
  var loss: any Loss
  var optimizer: any Optimizer
  var batch: Int
  var rows: Int
  var epochs: Int

  /// 4-6-6-2, the network of the language's first sentence.
  static let a = Work(
    widths: [4, 6, 6, 2], loss: MeanAbsoluteError(), optimizer: SGD(learningRate: 0.01), batch: 32, rows: 3200,
    epochs: 200)
  static let b = Work(
    widths: [13, 64, 64, 1], loss: MeanSquaredError(), optimizer: Adam(), batch: 32, rows: 3200, epochs: 60)
  static let c = Work(
    widths: [784, 512, 512, 10], output: Softmax(), loss: SparseCategoricalCrossentropy(), optimizer: Adam(),
    batch: 128, rows: 6400, epochs: 8)
  static let d = Work(
    widths: [1024, 2048, 2048, 1024], loss: MeanSquaredError(), optimizer: SGD(learningRate: 0.01), batch: 512,
    rows: 2048, epochs: 5)

  static func named(_ name: String) -> Work? {
    switch name {
    case "A": a
    case "B": b
    case "C": c
    case "D": d
    default: sized(name)
    }
  }

  /// `width=256`, `batch=32`, `rows=1000` or several, `width=256,batch=32`: two hidden layers of that width, Adam, squared
  /// error.
  private static func sized(_ name: String) -> Work? {
    var width = 64
    var batch = 32
    var rows: Int?
    for part in name.split(separator: ",") {
      let pair = part.split(separator: "=")
      guard pair.count == 2, let value = Int(pair[1]), value > 0 else { return nil }
      switch pair[0] {
      case "width": width = value
      case "batch": batch = value
      case "rows": rows = value
      default: return nil
      }
    }
    // About the same time for each size: as many steps as fit, ten at least.
    let cost = Double(batch) * Double(width) * Double(width + 32)
    let steps = max(10, min(1000, Int(2e9 / cost)))
    let all = rows ?? batch * steps
    return Work(
      widths: [16, width, width, 1], loss: MeanSquaredError(), optimizer: Adam(), batch: min(batch, all), rows: all,
      epochs: all < 1_000_000 ? 5 : 3)
  }

  func network() throws -> Network {
    var layers: [any Layer] = []
    for width in widths.dropFirst().dropLast() { layers.append(Dense(units: width, activation: hidden)) }
    layers.append(Dense(units: widths[widths.count - 1], activation: output))
    return try Network(inputWidth: widths[0], layers: layers)
  }

  /// Rows of a plain congruential generator: what is in them does not matter, that it is the same for all does.
  func data() -> Dataset {
    var state: UInt64 = 88_172_645_463_325_252
    func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / 16_777_216 - 0.5
    }
    let inputs = widths[0]
    let outputs = widths[widths.count - 1]
    let features = (0..<rows * inputs).map { _ in next() }
    let isClass = loss is SparseCategoricalCrossentropy
    let targets =
      isClass
      ? (0..<rows).map { _ in Float(Int((next() + 0.5) * Float(outputs))) } : (0..<rows * outputs).map { _ in next() }
    return Dataset(
      features: Matrix(rows: rows, columns: inputs, values: features),
      targets: Matrix(rows: rows, columns: isClass ? 1 : outputs, values: targets))
  }
}
