import NNData
import NNDiagnostics
import NNEngine
import NNReport

/// What the tables of a fit show that will hurt later: told by `check` and, of tables that only a run can open, by the run.
struct Forewarnings {
  let table: Table
  let target: TargetPlan
  let preparation: Preprocessor
  let rows: FitRows
  let plan: ModelPlan
  /// The `fit`.
  let place: Span

  var all: [(problem: any Problem, span: Span)] {
    Self.problems(target, preparation).map { ($0, place) } + giveaways.map { ($0, place) }
      + (unreachable.map { [$0] } ?? [])
  }

  /// What learning the preparation has shown.
  static func problems(_ target: TargetPlan, _ preparation: Preprocessor) -> [DataProblem] {
    target.textsOfMany.map { .textOfMany($0) } + preparation.remarks.map { problem($0) }
  }

  private static func problem(_ remark: PreparationRemark) -> DataProblem {
    switch remark {
    case .scales(let large, let small): .scales(large: large, small: small)
    case .constant(let names): .constant(names)
    case .rowNumbers(let name): .rowNumbers(name)
    case .dayOrMonth(let name): .dayOrMonth(name)
    }
  }

  // MARK: Values that the last layer cannot give

  private var unreachable: (problem: any Problem, span: Span)? {
    guard target.kind == .numeric, !plan.endsInOutput, let last = plan.layers.last,
      let activation = last.activation, let range = OutputRange.of(activation, last.arguments)
    else { return nil }
    // What stands before a loss of probabilities is another check's.
    switch Catalog.makeLoss(target.loss).output {
    case .numbers, .positiveNumbers: break
    case .probabilities, .logits, .margins: return nil
    }
    for (name, output) in zip(target.roles.targets, preparation.outputs) {
      guard case .numeric(let numbers)? = table[name]?.values else { continue }
      let statistics = ColumnStatistics(numbers, rows: rows.training)
      guard statistics.count > 0 else { continue }
      let low = output.scaling?.apply(statistics.minimum) ?? statistics.minimum
      let high = output.scaling?.apply(statistics.maximum) ?? statistics.maximum
      for (value, bound, isBelow) in [(low, range.lowerBound, true), (high, range.upperBound, false)]
      where isBelow ? Double(value) < bound : Double(value) > bound {
        let problem = FlowProblem.unreachable(
          activation: activation, target: name, value: value, isBelow: isBelow, bound: bound)
        return (problem, last.span ?? place)
      }
    }
    return nil
  }

  // MARK: Columns that give the target away

  /// Fewer rows may agree by chance.
  private static let leastRows = 20

  private var giveaways: [DataProblem] {
    let training = rows.training ?? Array(0..<table.rowCount)
    guard training.count >= Self.leastRows, target.roles.features.count > 1, target.roles.targets.count == 1,
      let name = target.roles.targets.first, let column = table[name]
    else { return [] }
    return target.roles.features.compactMap { feature in
      guard let candidate = table[feature] else { return nil }
      let how: String?
      if target.kind == .numeric {
        how = Self.follows(column, candidate, training) ? "one is the other, scaled" : nil
      } else {
        how =
          Self.decides(candidate, of: column, training)
          ? "each of its values stands with one class only" : nil
      }
      return how.map { .givesAway(feature: feature, target: name, how: $0) }
    }
  }

  /// Whether two columns of numbers lie on one line, but for rounding.
  private static func follows(_ first: Column, _ second: Column, _ rows: [Int]) -> Bool {
    guard case .numeric(let a) = first.values, case .numeric(let b) = second.values else { return false }
    let ofA = ColumnStatistics(a, rows: rows)
    let ofB = ColumnStatistics(b, rows: rows)
    guard ofA.minimum < ofA.maximum, ofB.minimum < ofB.maximum, ofA.count == rows.count,
      ofB.count == rows.count
    else { return false }
    var sum = 0.0
    for row in rows { sum += (Double(a[row]) - ofA.mean) * (Double(b[row]) - ofB.mean) }
    let correlation = sum / Double(rows.count) / (ofA.standardDeviation * ofB.standardDeviation)
    return abs(correlation) > 0.99999
  }

  /// Whether a column of few values says which class a row is of, in every row.
  private static func decides(_ feature: Column, of target: Column, _ rows: [Int]) -> Bool {
    // Values of which there are nearly as many as rows decide everything, and teach nothing.
    let most = rows.count / 10
    guard feature.distinctCount(limit: most) != nil,
      case .categorical(let codes, let values) = feature.asCategorical().values,
      case .categorical(let classes, _) = target.asCategorical().values
    else { return false }
    var classOf = [Int32](repeating: -1, count: values.count)
    var used: Set<Int32> = []
    for row in rows {
      let code = Int(codes[row])
      guard code >= 0, code < classOf.count, classes[row] >= 0 else { return false }
      if classOf[code] < 0 { classOf[code] = classes[row] }
      if classOf[code] != classes[row] { return false }
      used.insert(classes[row])
    }
    return used.count >= 2
  }
}

/// What an activation can give.
enum OutputRange {
  /// nil where it can give any value, or where only its options tell.
  static func of(_ activation: String, _ arguments: BoundArguments) -> ClosedRange<Double>? {
    let component = arguments.component("activation") ?? arguments.component("function")
    if let component, !component.arguments.isPlain { return nil }
    return switch activation {
    case "relu", "softplus", "squareplus", "exponential", "sparse_plus": 0...Double.infinity
    case "relu6": 0...6
    case "sigmoid", "hard_sigmoid", "sparse_sigmoid": 0...1
    case "tanh", "hard_tanh", "softsign": -1...1
    case "log_sigmoid": -Double.infinity...0
    default: nil
    }
  }
}
