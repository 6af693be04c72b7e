import NNDiagnostics
import NNEngine

/// A metric that `compile` asks for, with the name that is its own in the history.
struct MetricChoice: Sendable {
  var component: Component
  /// The rows' weights count in it.
  var isWeighted: Bool
  var name: String
  var span: Span?

  /// Names that records and events use for something else.
  private static let taken: Set<String> = [
    "loss", "lr", "epoch", "epochs", "seconds", "event", "fit", "run", "rows", "",
  ]

  /// Why the name that it was given cannot be its; nil if it can.
  var reasonAgainstName: FlowProblem? {
    guard let given = component.arguments.text("name") else { return nil }
    let isTwin = given.hasPrefix("val_") || given.hasPrefix("test_")
    return Self.taken.contains(given) || isTwin ? .metricName(given) : nil
  }

  /// What the catalog says of it.
  var entry: MetricEntry? { Catalog.metric(named: component.name) }
}

extension CompileOptions {
  /// Takes the metrics of `metrics=` and `weighted_metrics=`. As in Keras, one that comes again is `precision_1`,
  /// `precision_2` …, and a weighted one whose name the others have is `weighted_precision`.
  mutating func setMetrics(_ plain: [(Component, Span?)], weighted: [(Component, Span?)]) {
    metrics = []
    var uses: [String: Int] = [:]
    func unused(_ name: String) -> String {
      guard var count = uses[name] else {
        uses[name] = 1
        return name
      }
      while uses["\(name)_\(count)"] != nil { count += 1 }
      uses[name] = count + 1
      uses["\(name)_\(count)"] = 1
      return "\(name)_\(count)"
    }
    for (component, span) in plain {
      let name = unused(component.arguments.text("name") ?? component.name)
      metrics.append(MetricChoice(component: component, isWeighted: false, name: name, span: span))
    }
    for (component, span) in weighted {
      let own = component.arguments.text("name") ?? component.name
      let name = unused(uses[own] == nil ? own : "weighted_\(own)")
      metrics.append(MetricChoice(component: component, isWeighted: true, name: name, span: span))
    }
  }

  /// Which direction of a fit's or an evaluation's value is better; nil if neither is, or there is no such value.
  func direction(of value: String) -> MetricDirection? {
    var name = value[...]
    for prefix in ["val_", "test_"] where name.hasPrefix(prefix) { name = name.dropFirst(prefix.count) }
    if name == "loss" { return .minimize }
    return metrics.first { $0.name == name }?.entry?.direction
  }
}

extension TargetPlan {
  /// Why a metric cannot be measured on this target; nil if it can.
  /// - Parameter outputs: the network's, if known.
  func reasonAgainst(_ choice: MetricChoice, outputs: Int?) -> String? {
    if let reason = choice.entry?.demand.reasonAgainst(self) { return reason }
    guard let outputs, let metric = metric(choice) else { return nil }
    do throws(EngineError) {
      try metric.check(outputWidth: outputs)
      return nil
    } catch .invalidOption(_, let option, let value, let requirement) {
      return "`\(option)` must be \(requirement), not \(value)"
    } catch {
      return error.description
    }
  }

  private func metric(_ choice: MetricChoice, decision: Float? = nil) -> (any Metric)? {
    let made = choice.entry?.make(
      MetricSite(
        arguments: choice.component.arguments, target: lossTarget, name: choice.name,
        targetColumns: kind == .numeric ? roles.targets.count : nil, decision: decision))
    return choice.isWeighted ? made.map { WeightedMetric($0) } : made
  }

  /// The metrics of `compile`, made for this target.
  /// - Parameter decision: above which output the second of two classes is said, if that is not the usual one.
  func metrics(
    _ compile: CompileOptions?, outputs: Int?, decision: Float? = nil
  ) throws(Found) -> [any Metric] {
    var made: [any Metric] = []
    for choice in compile?.metrics ?? [] {
      if let reason = reasonAgainst(choice, outputs: outputs) {
        throw Found(FlowProblem.metricDisagrees(choice.component.name, reason: reason), at: choice.span)
      }
      if let metric = metric(choice, decision: decision) { made.append(metric) }
    }
    return made
  }
}

extension CheckContext {
  /// Reports the metrics that cannot be measured on a target.
  func checkMetrics(_ compile: CompileOptions?, _ target: TargetPlan, _ plan: ModelPlan, at span: Span?) {
    for choice in compile?.metrics ?? [] {
      if let reason = target.reasonAgainst(choice, outputs: target.output?.units ?? plan.lastUnits) {
        report(
          FlowProblem.metricDisagrees(choice.component.name, reason: reason), at: choice.span ?? span)
      }
    }
  }
}

extension CompileOptions? {
  /// The value that was meant by a name that a fit or an evaluation does not give.
  func suggestion(for name: String, among known: [String]) -> String? {
    let (prefix, own) = Self.parts(name)
    // Keras's name of a metric that has a shorter one here.
    let alias = (self?.metrics ?? []).first { $0.entry?.isNamed(own) == true }
    if let alias, known.contains(prefix + alias.name) { return prefix + alias.name }
    return advice(on: name, among: known) == nil ? Spelling.nearest(to: name, in: known) : nil
  }

  /// What to do so that there is such a value; nil if that is not known.
  func advice(on name: String, among known: [String]) -> String? {
    let (prefix, own) = Self.parts(name)
    let isMeasured =
      own == "loss" || (self?.metrics ?? []).contains { $0.name == own || $0.entry?.isNamed(own) == true }
    if isMeasured {
      if known.contains(where: { $0.hasPrefix(prefix) }) { return nil }
      switch prefix {
      case "val_":
        return "for rows to watch write `split val=20%` where the data is opened, or `validation_split=20%`"
      case "test_": return "`evaluate` measures it"
      default: return nil
      }
    }
    guard let metric = Catalog.metric(named: own) else { return nil }
    return "`compile metrics=[\(metric.name)]` measures it"
  }

  /// `val_mae` as `val_` and `mae`.
  private static func parts(_ name: String) -> (prefix: String, own: String) {
    let prefix = ["val_", "test_"].first { name.hasPrefix($0) } ?? ""
    return (prefix, String(name.dropFirst(prefix.count)))
  }
}
