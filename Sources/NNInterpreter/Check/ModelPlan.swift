import NNDiagnostics
import NNEngine
import NNSyntax

/// A model block with its layers bound and its shapes checked, before its input and target are known.
public struct ModelPlan: Sendable {
  struct PlannedLayer: Sendable {
    var entry: LayerEntry
    var arguments: BoundArguments
    var span: Span?

    /// The width of the layer's output, if it sets one.
    var units: Int? { entry.unitsOption.flatMap { arguments.integer($0) } }
    var isOutput: Bool { if case .output = entry.role { true } else { false } }
  }

  var layers: [PlannedLayer] = []
  /// A layer was wrong and is reported: shapes are not known.
  var isBroken = false
  /// The declared number of inputs.
  var inputWidth: Int?
  var inputSpan: Span?

  var endsInOutput: Bool { layers.last?.isOutput == true }
  /// The width of the last layer that sets one; nil behind `output` and where only the input would tell.
  var lastUnits: Int? { endsInOutput ? nil : layers.last { $0.units != nil }?.units ?? inputWidth }

  /// The engine's network for it.
  /// - Parameters:
  ///   - inputWidth: features a row.
  ///   - output: what the `output` layer becomes.
  func network(inputWidth: Int, output: (units: Int, activation: any Activation)?) throws(EngineError)
    -> Network
  {
    var made: [any Layer] = []
    for layer in layers {
      switch layer.entry.role {
      case .layer(let make): made.append(make(layer.arguments))
      case .input: continue
      case .output:
        made.append(Dense(units: output?.units ?? 1, activation: output?.activation ?? Linear()))
      }
    }
    return try Network(inputWidth: inputWidth, layers: made)
  }

  /// The engine's layer indices skip `input`, which the file format counts: block index of each engine layer.
  var blockIndices: [Int] {
    layers.indices.filter { index in
      if case .input = layers[index].entry.role { false } else { true }
    }
  }
}

/// Binds the layers of a block and checks what can be known of their shapes.
struct ModelPlanner<State: Sendable> {
  let evaluator: Evaluator<State>
  let report: (any Problem, Span) -> Void

  func plan(_ block: Block) -> ModelPlan {
    var plan = ModelPlan()
    plan.isBroken = block.isBroken
    var width: Int?
    for (index, node) in block.layers.enumerated() {
      guard let layer = bind(node) else {
        plan.isBroken = true
        width = nil
        continue
      }
      if let previous = plan.layers.last, previous.isOutput {
        report(FlowProblem.outputNotLast, node.span)
        plan.isBroken = true
      }
      checkInput(of: layer, isFirst: index == 0, width: &width, in: &plan)
      if let units = layer.units { width = units }
      plan.layers.append(layer)
    }
    if plan.layers.isEmpty, !plan.isBroken {
      report(FlowProblem.emptyModel, block.span)
      plan.isBroken = true
    }
    return plan
  }

  private func bind(_ node: LayerNode) -> ModelPlan.PlannedLayer? {
    guard let name = node.name else {
      report(NameProblem.notYet("parallel"), node.span)
      return nil
    }
    guard let entry = Catalog.layer(named: name.text) else {
      report(unknown(name.text), name.span)
      return nil
    }
    if let block = node.block {
      report(NameProblem.noBlock(name.text), block.span)
      return nil
    }
    var isBroken = node.isBroken
    let arguments = evaluator.evaluate(node.arguments)
    isBroken = isBroken || arguments.isBroken
    var hasProblems = isBroken
    let bound = Binder { problem, span in
      hasProblems = true
      report(problem, span)
    }.bind(arguments.found, to: entry, ownerSpan: name.span, isBroken: isBroken)
    return hasProblems ? nil : ModelPlan.PlannedLayer(entry: entry, arguments: bound, span: node.span)
  }

  private func unknown(_ name: String) -> NameProblem {
    if Catalog.planned.contains(name) { return .notYet(name) }
    let isStage = Catalog.stage(named: name) != nil
    let activation = Catalog.component(.activation, named: name) != nil
    let known = Catalog.layers.flatMap { [$0.name] + $0.aliases }
    let suggestion =
      activation ? "activation \(name)" : isStage ? nil : Spelling.nearest(to: name, in: known)
    return .unknownLayer(name, suggestion: suggestion, isStage: isStage)
  }

  /// `input N`, as a layer or as a dense layer's option.
  private func checkInput(
    of layer: ModelPlan.PlannedLayer, isFirst: Bool, width: inout Int?, in plan: inout ModelPlan
  ) {
    var declared: (width: Int, span: Span?)?
    if case .input = layer.entry.role, let value = layer.arguments.integer("width") {
      if !isFirst, let span = layer.span {
        report(FlowProblem.inputNotFirst, span)
        plan.isBroken = true
        return
      }
      declared = (value, layer.span)
    } else if let value = layer.arguments.integer("input") {
      declared = (value, layer.arguments.span("input"))
    }
    guard let declared else { return }
    if let width, width != declared.width {
      if let span = declared.span {
        report(
          FlowProblem.widthsDisagree(layer: layer.entry.name, expected: width, found: declared.width), span)
      }
      plan.isBroken = true
    } else if isFirst {
      plan.inputWidth = declared.width
      plan.inputSpan = declared.span
    }
    width = declared.width
  }
}
