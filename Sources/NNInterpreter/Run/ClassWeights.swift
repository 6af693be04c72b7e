import NNData
import NNDiagnostics
import NNEngine
import NNSyntax

/// `class_weight=`: what a row of each class counts in the training loss.
enum ClassWeights: Sendable {
  /// n / (classes · rows of the class), over the training rows and the classes that they hold.
  case balanced
  /// One for each class, in the classes' order.
  case ordered([Double])
  /// By name; a class that is not named weighs 1.
  case named([Named])

  struct Named: Sendable {
    var name: String
    var weight: Double
    /// The weight as written.
    var text: String
    var span: Span?
  }

  /// - Parameter arguments: of `fit`, with `class_weight` given.
  init(_ arguments: BoundArguments) throws(Found) {
    let entries = arguments.texts("class_weight") ?? []
    if entries.count == 1, entries[0].text == "balanced" {
      self = .balanced
      return
    }
    var ordered: [Double] = []
    var named: [Named] = []
    for (text, span) in entries {
      if let number = NNSyntax.number(fromWord: text) {
        ordered.append(try Self.checked(number, text, span))
      } else if let colon = text.lastIndex(of: ":"), colon != text.startIndex,
        let number = NNSyntax.number(fromWord: String(text[text.index(after: colon)...]))
      {
        let name = String(text[..<colon])
        if named.contains(where: { $0.name == name }) { throw Found(FlowProblem.classTwice(name), at: span) }
        named.append(
          Named(
            name: name, weight: try Self.checked(number, text, span),
            text: String(text[text.index(after: colon)...]), span: span))
      } else {
        throw Self.malformed(text, span)
      }
      if !ordered.isEmpty, !named.isEmpty { throw Self.malformed(text, span) }
    }
    self = ordered.isEmpty ? .named(named) : .ordered(ordered)
  }

  private static func malformed(_ text: String, _ span: Span?) -> Found {
    Found(
      NameProblem.wrongType(
        option: "class_weight",
        expectation: "`balanced`, a number for each class, or each entry as `CLASS:NUMBER`",
        found: "`\(text)`", suggestion: Spelling.nearest(to: text, in: ["balanced"])), at: span)
  }

  private static func checked(_ weight: Double, _ text: String, _ span: Span?) throws(Found) -> Double {
    guard weight >= 0, Float(weight).isFinite else {
      throw Found(
        NameProblem.outOfRange(option: "class_weight", expectation: "a number from 0 up", found: "`\(text)`"),
        at: span)
    }
    return weight
  }

  /// The weight of each class.
  /// - Parameter counts: training rows of each class; nil if they are not known yet, and then only mistakes matter.
  func weights(of classes: [String], counts: [Int]?) throws(Found) -> [Double] {
    switch self {
    case .balanced:
      return counts.map(Preprocessor.balancedWeights) ?? classes.map { _ in 1 }
    case .ordered(let weights):
      guard weights.count == classes.count else {
        throw Found(FlowProblem.weightsForClasses(weights: weights.count, classes: classes))
      }
      return weights
    case .named(let named):
      var weights = classes.map { _ in 1.0 }
      for entry in named {
        guard let index = classes.firstIndex(of: entry.name) else {
          let suggestion = Spelling.nearest(to: entry.name, in: classes).map { "\($0):\(entry.text)" }
          throw Found(
            FlowProblem.noSuchClass(
              entry.name, known: classes,
              suggestion: suggestion.map { $0.contains(" ") ? "\"\($0)\"" : $0 }), at: entry.span)
        }
        weights[index] = entry.weight
      }
      return weights
    }
  }

  /// The training rows with what each class counts multiplied into their weights. Classes are ids, or columns of which the
  /// greatest is the class (the first, in a tie), as Keras has it.
  func applied(to data: Dataset, classes: [String]) throws(Found) -> Dataset {
    let counts = data.rowsOfClasses(classes.count)
    return data.weighing(try weights(of: classes, counts: counts).map { Float($0) })
  }
}

extension Dataset {
  /// The rows, each counting as its class does.
  func weighing(_ classWeights: [Float]) -> Dataset {
    var result = self
    result.weights = classIDs.enumerated().map { row, id in
      (classWeights.indices.contains(id) ? classWeights[id] : 1) * (weights?[row] ?? 1)
    }
    return result
  }

  /// Each row's class: its id, or of columns the greatest.
  fileprivate var classIDs: [Int] {
    let columns = targets.columns
    return (0..<targets.rows).map { row -> Int in
      let values = targets.values[row * columns..<(row + 1) * columns]
      guard columns > 1 else { return Int(exactly: values.first?.rounded() ?? 0) ?? 0 }
      var best = values.startIndex
      for index in values.indices where values[index] > values[best] { best = index }
      return best - values.startIndex
    }
  }

  /// How many rows each class has.
  func rowsOfClasses(_ classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for id in classIDs where counts.indices.contains(id) { counts[id] += 1 }
    return counts
  }
}

extension TargetPlan {
  /// The classes of the target in the order of their ids: a class column's, or the names of columns that hold 0 and 1;
  /// nil for numbers.
  func classes(_ ofColumn: [String]?) -> [String]? {
    if kind != .numeric { return ofColumn }
    if case .oneHotClasses = lossTarget, roles.targets.count > 1 { return roles.targets }
    return nil
  }
}

extension FitStage {
  /// Reports weights for classes that there are not.
  func checkClassWeights(_ experiment: Experiment, _ target: TargetPlan?, _ context: CheckContext) {
    let isBalanced = experiment.steps.contains { $0.step == .balance }
    if isBalanced, let target, target.kind == .numeric, experiment.model?.trained == nil {
      context.report(
        FlowProblem.noClasses(target.roles.targets.joined(separator: ", "), for: "balance"),
        at: bound.nameSpan)
    }
    guard bound.arguments.isSet("class_weight") else { return }
    let span = bound.arguments.span("class_weight")
    if isBalanced { context.report(FlowProblem.optionsExclude("class_weight", "balance"), at: span) }
    guard
      let weights = context.attempt(
        at: span, { () throws(Found) in try ClassWeights(bound.arguments) }), let target
    else { return }
    let column = target.roles.targets.first.flatMap { experiment.data?.table?[$0] }
    let known = experiment.model?.trained?.preprocessor.classes ?? column?.classes
    _ = context.attempt(at: span) { () throws(Found) -> Void in
      try Self.check(weights, target, known)
    }
  }

  private static func check(_ weights: ClassWeights, _ target: TargetPlan, _ known: [String]?) throws(Found) {
    guard let classes = target.classes(known) else {
      if target.kind == .numeric {
        throw Found(FlowProblem.noClasses(target.roles.targets.joined(separator: ", ")))
      }
      return
    }
    _ = try weights.weights(of: classes, counts: nil)
  }

  /// What the rows of each class count; nil where all count alike.
  /// - Parameter counts: how many rows each class has.
  func weights(
    _ target: TargetPlan, _ preparation: Preprocessor, counts: () throws(Found) -> [Int]
  ) throws(Found) -> [Float]? {
    guard bound.arguments.isSet("class_weight") else { return preparation.classWeights?.map { Float($0) } }
    let weights = try ClassWeights(bound.arguments)
    guard let classes = target.classes(preparation.classes), preparation.classes != nil else {
      throw Found(FlowProblem.noClasses(target.roles.targets.joined(separator: ", ")))
    }
    return try weights.weights(of: classes, counts: try counts()).map { Float($0) }
  }

  /// The training rows as the loss counts them.
  func weighted(_ data: Dataset, _ target: TargetPlan, _ preparation: Preprocessor) throws(Found) -> Dataset {
    guard bound.arguments.isSet("class_weight") else {
      guard let learned = preparation.classWeights, let classes = preparation.classes else { return data }
      return try ClassWeights.ordered(learned).applied(to: data, classes: classes)
    }
    let weights = try ClassWeights(bound.arguments)
    guard let classes = target.classes(preparation.classes) else {
      throw Found(FlowProblem.noClasses(target.roles.targets.joined(separator: ", ")))
    }
    return try weights.applied(to: data, classes: classes)
  }
}
