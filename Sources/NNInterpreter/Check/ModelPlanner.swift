import NNDiagnostics
import NNEngine
import NNSyntax

/// Binds the layers of a block and checks what can be known of their shapes.
struct ModelPlanner<State: Sendable> {
  let evaluator: Evaluator<State>
  let report: (any Problem, Span) -> Void

  func plan(_ block: Block) -> ModelPlan {
    var plan = ModelPlan()
    plan.isBroken = block.isBroken
    var width: Int?
    plan.layers = layers(of: block, isOutermost: true, width: &width, in: &plan)
    if plan.layers.isEmpty, !plan.isBroken {
      report(FlowProblem.emptyModel, block.span)
      plan.isBroken = true
    }
    return plan
  }

  /// The layers of one block.
  /// - Parameter width: what flows in, and afterwards what flows out; nil where it is not known.
  private func layers(
    of block: Block, isOutermost: Bool, width: inout Int?, in plan: inout ModelPlan
  ) -> [ModelPlan.PlannedLayer] {
    var planned: [ModelPlan.PlannedLayer] = []
    var count = 0.0
    for (index, node) in block.layers.enumerated() {
      guard let name = node.name else {
        // The parser has reported it.
        plan.isBroken = true
        width = nil
        continue
      }
      guard var layer = bind(node, name) else {
        plan.isBroken = true
        width = nil
        continue
      }
      if let previous = planned.last, previous.isOutput { fail(.outputNotLast, node.span, &plan) }
      if layer.isOutput, !isOutermost { fail(.outputWithin, node.span, &plan) }
      checkInput(of: layer, isFirst: isOutermost && index == 0, width: &width, in: &plan)
      addBlocks(to: &layer, node, width: width, in: &plan)
      count += layer.layerCount
      if count > ModelPlan.mostLayers {
        if !plan.isBroken { fail(.tooManyLayers, node.span, &plan) }
        return planned
      }
      width = checkShape(of: layer, node.span, width: width, in: &plan)
      planned.append(layer)
    }
    return planned
  }

  private func fail(_ problem: FlowProblem, _ span: Span, _ plan: inout ModelPlan) {
    report(problem, span)
    plan.isBroken = true
  }

  private func bind(_ node: LayerNode, _ name: Name) -> ModelPlan.PlannedLayer? {
    guard let entry = Catalog.layer(named: name.text) else {
      report(unknown(name.text), name.span)
      return nil
    }
    if let block = node.block, !entry.takesBlock {
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
    if hasProblems { return nil }
    if node.block == nil, entry.takesBlock {
      report(NameProblem.needsBlock(name.text, example: entry.example), name.span)
      return nil
    }
    return ModelPlan.PlannedLayer(entry: entry, arguments: bound, span: node.span)
  }

  /// Plans the block behind a layer, or the branches in it.
  private func addBlocks(
    to layer: inout ModelPlan.PlannedLayer, _ node: LayerNode, width: Int?, in plan: inout ModelPlan
  ) {
    guard let block = node.block else { return }
    plan.isBroken = plan.isBroken || block.isBroken
    if case .branches = layer.entry.role {
      for branch in block.layers {
        guard let inner = branch.block, branch.name == nil else {
          fail(.layerOutsideBranch(branch.name?.text ?? ""), branch.span, &plan)
          continue
        }
        plan.isBroken = plan.isBroken || inner.isBroken
        var flowing = width
        layer.blocks.append(layers(of: inner, isOutermost: false, width: &flowing, in: &plan))
      }
    } else {
      var flowing = width
      layer.blocks = [layers(of: block, isOutermost: false, width: &flowing, in: &plan)]
    }
    if block.layers.isEmpty, !block.isBroken {
      fail(.emptyBlock(layer.entry.name, example: layer.entry.example), block.span, &plan)
    }
  }

  /// What the engine would refuse of a layer, as far as its input is known.
  /// - Returns: the width behind it.
  private func checkShape(
    of layer: ModelPlan.PlannedLayer, _ span: Span, width: Int?, in plan: inout ModelPlan
  ) -> Int? {
    if case .layer(let make) = layer.entry.role {
      let made = make(layer.arguments)
      do throws(EngineError) {
        // A layer with units of its own gives the same for any input.
        if let width = width ?? (layer.entry.unitsOption == nil ? nil : 1) {
          _ = try made.outputWidth(inputWidth: width)
        }
        // Initializers, penalties and constraints that are for matrices only say so here.
        for parameter in made.parameters(inputWidth: width ?? 2) { try parameter.check() }
      } catch {
        fail(.shape(error.description), span, &plan)
        return nil
      }
    }
    guard !plan.isBroken else { return nil }
    guard layer.entry.takesBlock, let width, let made = layer.made else {
      return layer.outputWidth(inputWidth: width)
    }
    do throws(EngineError) {
      return try made.outputWidth(inputWidth: width)
    } catch .residualWidth(let input, let output) {
      fail(.residualDisagrees(input: input, output: output), span, &plan)
      return width
    } catch {
      fail(.shape(error.description), span, &plan)
      return nil
    }
  }

  private func unknown(_ name: String) -> NameProblem {
    if Catalog.planned.contains(name) { return .notYet(name) }
    if let advice = Elsewhere.advice(onLayer: name) {
      return .unknownLayer(name, suggestion: nil, isStage: false, advice: advice)
    }
    let isStage = Catalog.stage(named: name) != nil
    let activation = Catalog.component(.activation, named: name) != nil
    let known = Catalog.layers.flatMap { [$0.name] + $0.aliases }
    let suggestion =
      activation ? "activation \(name)" : isStage ? nil : Spelling.nearest(to: name, in: known)
    return .unknownLayer(
      name, suggestion: suggestion, isStage: isStage,
      advice: "the layers are \(quotedAll(Catalog.layers.map(\.name)))")
  }

  /// `input N`, as a layer or as a dense layer's option.
  private func checkInput(
    of layer: ModelPlan.PlannedLayer, isFirst: Bool, width: inout Int?, in plan: inout ModelPlan
  ) {
    var declared: (width: Int, span: Span?)?
    if case .input = layer.entry.role, let value = layer.arguments.integer("width") {
      if !isFirst, let span = layer.span { return fail(.inputNotFirst, span, &plan) }
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
