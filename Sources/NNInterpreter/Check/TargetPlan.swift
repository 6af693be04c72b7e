import NNData
import NNEngine

/// Which columns are predicted from which, in what form, and for what loss: worked out once the data, the model and the
/// loss are all known.
struct TargetPlan: Sendable {
  var roles: Roles
  var kind: TargetKind
  var form: TargetForm
  /// What the `output` layer becomes; nil if the model has none.
  var output: (units: Int, activation: Component)?
  var loss: Component
  /// What the metrics are told about the target.
  var lossTarget: LossProduct.Target
  /// How the target was chosen, if it was not named.
  var choice: String?
  /// Said where numbers were taken for classes.
  var classNote: String?
  /// Whether targets of numbers are 0 and 1 alone; nil if that is not known.
  var isZerosAndOnes: Bool?
  /// Text columns that are no features, as they hold too many different texts.
  var textsOfMany: [TextOfMany] = []
}

extension TargetPlan {
  /// The same target in another form.
  func with(form: TargetForm) -> TargetPlan {
    var plan = self
    plan.form = form
    return plan
  }
}

/// The most distinct values that make an integer target a class for `output`.
let mostIntegerClasses = 20

extension TargetPlan {
  /// The same without the text features that no `encode` covers and that have too many values for a column each, by the
  /// training rows. Those that `features=` names stay.
  func leavingOutTexts(
    of table: Table, _ declared: DeclaredRoles, steps: [RecordedStep], rows: [Int]?
  ) throws(Found) -> TargetPlan {
    var result = self
    do {
      result.leaveOut(
        try Preprocessor.textsOfMany(steps: steps.map(\.step), table: table, rows: rows, roles: roles),
        declared)
    } catch {
      throw Found(error.problem)
    }
    if result.roles.features.isEmpty {
      throw Found(FlowProblem.onlyTextsOfMany(result.textsOfMany.map(\.column)))
    }
    return result
  }

  /// Takes text features out that have too many values, but for those that `features=` names.
  mutating func leaveOut(_ texts: [TextOfMany], _ declared: DeclaredRoles) {
    textsOfMany = texts.filter { declared.features?.contains($0.column) != true }
    let names = textsOfMany.map(\.column)
    roles.features.removeAll(where: names.contains)
  }
}

struct TargetResolver {
  let table: Table
  let declared: DeclaredRoles
  let plan: ModelPlan
  let compile: CompileOptions?

  private var loss: LossProduct? { compile?.loss.map(Catalog.makeLoss) }

  func resolve() throws(Found) -> TargetPlan {
    let (targets, choice) = try chooseTargets()
    let features = try chooseFeatures(targets)
    let roles = Roles(features: features, targets: targets, weight: declared.weight)
    guard loss != nil || plan.endsInOutput else { throw Found(FlowProblem.noLoss) }

    var result: TargetPlan
    if let single = targets.count == 1 ? table[targets[0]] : nil, isClass(single) {
      result = try classPlan(single, roles)
    } else {
      result = try numberPlan(roles)
    }
    result.choice = choice
    if let units = result.output?.units ?? plan.lastUnits { try checkLoss(result, units) }
    return result
  }

  /// Throws if an option of the loss is not for so many outputs.
  private func checkLoss(_ target: TargetPlan, _ units: Int) throws(Found) {
    do throws(EngineError) {
      try Catalog.makeLoss(target.loss).loss.check(outputWidth: units)
    } catch .invalidOption(_, let option, let value, let requirement) {
      throw Found(
        NameProblem.wrongType(option: option, expectation: requirement, found: value, suggestion: nil),
        at: target.loss.arguments.span(option))
    } catch {
      throw Found(RunProblem.engine(error))
    }
  }

  /// The columns that may be targets or features, in the file's order.
  private var candidates: [Column] {
    table.columns.filter { $0.name != declared.weight && !declared.ignored.contains($0.name) }
  }

  private func chooseTargets() throws(Found) -> ([String], choice: String?) {
    if let targets = declared.targets { return (targets, nil) }
    // Columns named as features cannot be chosen as targets.
    let free = candidates.filter { declared.features?.contains($0.name) != true }
    guard let last = free.last else { throw Found(FlowProblem.noFeatures) }
    if plan.endsInOutput { return ([last.name], "the last column, as the model ends in `output`") }
    if last.isCategorical { return ([last.name], "the last column, as it holds categories") }
    if case .sparseClasses? = loss?.target {
      return ([last.name], "the last column, as the loss takes one column of classes")
    }
    guard let units = plan.lastUnits else { throw Found(FlowProblem.unknownWidth) }
    guard free.count >= units else {
      throw Found(FlowProblem.tooFewColumns(units: units, columns: free.count))
    }
    return (
      free.suffix(units).map(\.name),
      units == 1
        ? "the last column, as the model gives one value a row"
        : "the last \(units) columns, as the model gives \(units) values a row"
    )
  }

  private func chooseFeatures(_ targets: [String]) throws(Found) -> [String] {
    let features =
      declared.features?.filter { !targets.contains($0) }
      ?? candidates.map(\.name).filter { !targets.contains($0) }
    if features.isEmpty { throw Found(FlowProblem.noFeatures) }
    return features
  }

  /// Whether a single target column is one of classes, by the loss, its type and its values.
  private func isClass(_ column: Column) -> Bool {
    switch loss?.target {
    case .sparseClasses?, .oneHotClasses?, .binary?: return true
    case .numbers?: return false
    case nil: return !isOfNumbers(column)
    }
  }

  /// Whether a target column holds numbers rather than classes, where no loss says so.
  private func isOfNumbers(_ column: Column) -> Bool {
    if column.isCategorical { return false }
    return declared.typed.contains(column.name) || !column.isAllIntegers
      || column.distinctCount(limit: mostIntegerClasses) == nil
  }

  private func classPlan(_ column: Column, _ roles: Roles) throws(Found) -> TargetPlan {
    let classes = column.classes
    guard classes.count >= 2 else { throw Found(FlowProblem.oneClass(column.name, classes.first ?? "")) }
    let named = compile?.loss
    let target: LossProduct.Target = loss?.target ?? (classes.count == 2 ? .binary : .sparseClasses)
    let lossName =
      named?.name ?? (classes.count == 2 ? "binary_crossentropy" : "sparse_categorical_crossentropy")
    let component = named ?? Component(kind: .loss, name: lossName)
    if case .binary = target, classes.count > 2 {
      throw Found(
        FlowProblem.tooManyClasses(
          target: column.name, classes: classes.count, loss: lossName,
          instead: Catalog.makeLoss(component).forManyClasses, isOfNumbers: isOfNumbers(column)),
        at: compile?.lossSpan)
    }
    var result = TargetPlan(
      roles: roles, kind: classes.count == 2 ? .binary : .multiclass, form: .classIDs, output: nil,
      loss: component, lossTarget: target)
    if case .oneHotClasses = target { result.form = .oneHot }
    if named == nil, !column.isCategorical {
      result.classNote =
        "\(column.name) holds \(classes.count) whole numbers, which count as classes; `loss=mse` takes them as numbers"
    }
    let activation = Catalog.makeLoss(component).outputActivation
    if plan.endsInOutput {
      result.output = (target == .binary ? 1 : classes.count, activation)
    } else if let units = plan.lastUnits {
      switch target {
      case .binary:
        if units != 1 {
          throw Found(
            FlowProblem.unitsForBinary(
              units: units, targets: 1, loss: lossName, activation: activation.name,
              instead: Catalog.makeLoss(component).forManyClasses), at: plan.layers.last?.span)
        }
      default:
        if units != classes.count {
          throw Found(
            FlowProblem.classesDisagree(
              units: units, classes: classes.count, target: column.name, activation: activation.name),
            at: plan.layers.last?.span)
        }
      }
    }
    return result
  }

  private func numberPlan(_ roles: Roles) throws(Found) -> TargetPlan {
    let named = compile?.loss
    let target = loss?.target ?? .numbers
    for name in roles.targets {
      guard let column = table[name], column.isCategorical else { continue }
      if roles.targets.count > 1 { throw Found(FlowProblem.mixedTargets(roles.targets)) }
      throw Found(FlowProblem.textTarget(name, loss: named?.name), at: compile?.lossSpan)
    }
    if case .sparseClasses = target {
      throw Found(
        FlowProblem.severalClassTargets(roles.targets, loss: named?.name ?? ""), at: compile?.lossSpan)
    }
    if !plan.endsInOutput, let units = plan.lastUnits, units != roles.targets.count {
      throw Found(
        FlowProblem.targetsDisagree(units: units, targets: roles.targets), at: plan.layers.last?.span)
    }
    var result = TargetPlan(
      roles: roles, kind: .numeric, form: .values, output: nil,
      loss: named ?? Component(kind: .loss, name: "mse"), lossTarget: target)
    result.isZerosAndOnes = roles.targets.allSatisfy { table[$0]?.isZerosAndOnes == true }
    if plan.endsInOutput {
      result.output = (roles.targets.count, Catalog.makeLoss(result.loss).outputActivation)
    }
    return result
  }
}
