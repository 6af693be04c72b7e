/// A metric made of the four counts of decisions.
protocol DecisionMetric: Metric {
  var decisions: DecisionCounts { get }
}

extension DecisionMetric {
  public func accumulatorCount(outputWidth: Int) -> Int { DecisionCounts.count }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    decisions.add(batch, to: accumulator)
  }
  public func targetWidth(outputWidth: Int) -> Int { decisions.targets.width(outputWidth: outputWidth) }
  public func check(outputWidth: Int) throws(EngineError) {
    try decisions.check(outputWidth: outputWidth, OptionCheck(name))
  }
}

/// The share of positive decisions that are right; 0 if there are none.
public struct Precision: DecisionMetric {
  public var name: String
  public var decisions: DecisionCounts
  public var direction: MetricDirection? { .maximize }
  public init(_ decisions: DecisionCounts = DecisionCounts(), name: String = "precision") {
    self.decisions = decisions
    self.name = name
  }
  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    share(accumulator[0], of: accumulator[0] + accumulator[1])
  }
}

/// The share of positive targets that were decided so; 0 if there are none.
public struct Recall: DecisionMetric {
  public var name: String
  public var decisions: DecisionCounts
  public var direction: MetricDirection? { .maximize }
  public init(_ decisions: DecisionCounts = DecisionCounts(), name: String = "recall") {
    self.decisions = decisions
    self.name = name
  }
  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    share(accumulator[0], of: accumulator[0] + accumulator[2])
  }
}

/// One of the four counts of decisions. Keras names no direction for them.
public struct DecisionCount: DecisionMetric {
  public enum Kind: Int, Sendable {
    case truePositives, falsePositives, falseNegatives, trueNegatives
  }

  public var name: String
  public var kind: Kind
  public var decisions: DecisionCounts
  public var direction: MetricDirection? { nil }
  public init(_ kind: Kind, _ decisions: DecisionCounts = DecisionCounts(), name: String) {
    self.kind = kind
    self.decisions = decisions
    self.name = name
  }
  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    accumulator[kind.rawValue]
  }
}

/// Keras's divide_no_nan: 0 where nothing is divided by nothing.
@inline(__always)
func share(_ part: Double, of whole: Double) -> Double { whole == 0 ? 0 : part / whole }
