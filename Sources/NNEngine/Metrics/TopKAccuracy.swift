/// The share of rows in which fewer than k outputs are larger than that of the target's class, as TensorFlow's in_top_k has
/// it: outputs equal to the class's own do not push it out, and a row with an output that is not finite is a miss.
public struct TopKAccuracy: Metric {
  public var name: String
  public var k: Int
  public var targets: MetricTargets
  public var direction: MetricDirection? { .maximize }

  public init(k: Int = 5, targets: MetricTargets = .columns, name: String = "top_k") {
    self.k = k
    self.targets = targets
    self.name = name
  }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    let reader = TargetReader(batch, targets)
    for row in 0..<batch.rows {
      let output = y.base + row * y.stride
      batch.rowValues[row] = 0
      guard let target = reader.classIndex(row) else { continue }
      var larger = 0
      var isFinite = true
      for unit in 0..<y.columns {
        if output[unit] > output[target] { larger += 1 }
        if !output[unit].isFinite { isFinite = false }
      }
      if isFinite, larger < k { batch.rowValues[row] = 1 }
    }
    batch.addRowValues(accumulator)
  }

  public func targetWidth(outputWidth: Int) -> Int { targets.width(outputWidth: outputWidth) }
  public func check(outputWidth: Int) throws(EngineError) {
    try OptionCheck(name).whole("k", k, from: 1)
  }
}
