import NNEngine

/// A metric of the catalog: which direction is better, which targets it can be measured on, and how to make it.
public struct MetricEntry: Declaration {
  public let name: String
  public let aliases: [String]
  public let summary: String
  public let options: [OptionDeclaration]
  /// Read by early stopping's `mode=auto`, and wherever the best of several values is looked for; nil if neither is better.
  public let direction: MetricDirection?
  let demand: TargetDemand
  let make: @Sendable (MetricSite) -> any Metric

  init(
    _ name: String, aliases: [String] = [], _ summary: String, _ direction: MetricDirection?,
    on demand: TargetDemand, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (MetricSite) -> any Metric
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.direction = direction
    self.demand = demand
    self.options =
      options + [
        OptionDeclaration("name", .text("a name"), "what it is called in the history; else by its own name")
      ]
    self.make = make
  }
}

/// What a metric is made for.
struct MetricSite: Sendable {
  var arguments: BoundArguments
  var target: LossProduct.Target
  /// The name in records.
  var name: String
  /// How many columns the target has; nil for one of classes.
  var targetColumns: Int?
  /// Above which output the second of two classes is said, where `threshold` has set it: for those that were not told another.
  var decision: Float?

  var targets: MetricTargets { target == .sparseClasses ? .classIDs : .columns }
}

/// What a metric asks of the target, so that a script that cannot be measured is an error before it runs.
enum TargetDemand: Sendable {
  case anything
  /// A target value for each output.
  case values
  /// The same, and more than one output.
  case severalValues
  /// Classes in any form, or columns of 0 and 1.
  case classes
  /// Classes with an output for each.
  case severalClasses
  /// One column of classes, with an output for each.
  case classIDs

  /// Why the target is not that; nil if it is.
  func reasonAgainst(_ target: TargetPlan) -> String? {
    let isSparse = target.lossTarget == .sparseClasses
    let hasOneOutput = target.form != .oneHot && !isSparse && target.roles.targets.count == 1
    switch self {
    case .anything: return nil
    case .values, .severalValues:
      if isSparse {
        return "the target is one column of classes, and the network gives a value for each class"
      }
      return self == .severalValues && hasOneOutput
        ? "it compares the outputs of a row with each other, and there is only one" : nil
    case .classes, .severalClasses:
      if target.kind == .numeric, target.lossTarget == .numbers, target.isZerosAndOnes == false {
        return "it takes a target of classes"
      }
      return self == .severalClasses && hasOneOutput
        ? "it takes an output for each class, and there is only one" : nil
    case .classIDs:
      return isSparse ? nil : "it takes a target of classes and a network with an output for each"
    }
  }
}
