import NNDiagnostics
import NNEngine
import NNSyntax

/// Binds the layers of a block and checks what can be known of their shapes.
struct ModelPlanner {
  let context: CheckContext
  let report: (any Problem, Span) -> Void

  /// The layers of a block, as far as they are planned.
  private struct Layers {
    var planned: [ModelPlan.PlannedLayer] = []
    /// What flows out of the last one; nil where it is not known.
    var width: Int?
    let isOutermost: Bool
    /// Repeated ones counted as often as they stand there.
    var count = 0.0
  }

  func plan(_ block: Block, _ evaluator: Evaluator) -> ModelPlan {
    var plan = ModelPlan()
    plan.isBroken = block.isBroken
    plan.layers = layers(of: block, isOutermost: true, width: nil, evaluator, in: &plan).planned
    if plan.layers.isEmpty, !plan.isBroken {
      report(FlowProblem.emptyModel, block.span)
      plan.isBroken = true
    }
    return plan
  }

  /// Finds what is wrong with a definition's layers, of whose surroundings nothing is known.
  func look(through body: Script, _ evaluator: Evaluator) {
    var plan = ModelPlan()
    var layers = Layers(isOutermost: false)
    add(body, evaluator, to: &layers, in: &plan)
  }

  private func layers(
    of block: Block, isOutermost: Bool, width: Int?, _ evaluator: Evaluator, in plan: inout ModelPlan
  ) -> Layers {
    var layers = Layers(width: width, isOutermost: isOutermost)
    for node in block.layers { add(node, evaluator, to: &layers, in: &plan) }
    return layers
  }

  private func add(
    _ node: LayerNode, _ evaluator: Evaluator, to layers: inout Layers, in plan: inout ModelPlan
  ) {
    guard layers.count <= ModelPlan.mostLayers else { return }
    // The parser has reported a layer without a name.
    guard let name = node.name else { return unknown(&layers, &plan) }
    if let definition = evaluator.scope.definition(name.text) {
      return expand(definition, at: node, name, evaluator, to: &layers, in: &plan)
    }
    guard var layer = bind(node, name, evaluator) else { return unknown(&layers, &plan) }
    if let previous = layers.planned.last, previous.isOutput {
      fail(FlowProblem.outputNotLast, node.span, &plan)
    }
    if layer.isOutput, !layers.isOutermost { fail(FlowProblem.outputWithin, node.span, &plan) }
    checkInput(
      of: layer, isFirst: layers.isOutermost && layers.planned.isEmpty && !plan.isBroken,
      width: &layers.width,
      in: &plan)
    addBlocks(to: &layer, node, width: layers.width, evaluator, in: &plan)
    layers.count += layer.layerCount
    if layers.count > ModelPlan.mostLayers {
      if !plan.isBroken { fail(FlowProblem.tooManyLayers, node.span, &plan) }
      return
    }
    layers.width = checkShape(of: layer, node.span, width: layers.width, in: &plan)
    layers.planned.append(layer)
  }

  private func unknown(_ layers: inout Layers, _ plan: inout ModelPlan) {
    plan.isBroken = true
    layers.width = nil
  }

  // MARK: Definitions

  /// Adds the layers of a definition in the place of one.
  private func expand(
    _ definition: FlowDefinition, at node: LayerNode, _ name: Name, _ evaluator: Evaluator,
    to layers: inout Layers, in plan: inout ModelPlan
  ) {
    context.uses.use(definition.name.span)
    guard definition.isOfLayers else {
      report(NameProblem.unknownLayer(name.text, suggestion: nil, isStage: true, advice: nil), name.span)
      return unknown(&layers, &plan)
    }
    if let block = node.block {
      report(NameProblem.noBlock(name.text), block.span)
      return unknown(&layers, &plan)
    }
    var inner = evaluator
    var isBroken = false
    let binding = Evaluator(
      scope: evaluator.scope,
      report: { problem, span in
        isBroken = true
        report(problem, span)
      }, use: evaluator.use)
    inner.scope = definition.scope(with: node.arguments, at: name, isBroken: node.isBroken, binding)
    if isBroken { plan.isBroken = true }
    guard context.enter(definition, at: name.span) else {
      return unknown(&layers, &plan)
    }
    add(definition.body, inner, to: &layers, in: &plan)
    context.leave()
  }

  /// Adds the layers of a definition's body, which was parsed as stages.
  private func add(
    _ body: Script, _ evaluator: Evaluator, to layers: inout Layers, in plan: inout ModelPlan
  ) {
    var evaluator = evaluator
    for statement in body.statements {
      switch statement {
      case .binding(let binding):
        guard !binding.isBroken, case .value(let value) = binding.binding else {
          if !binding.isBroken { report(ScriptProblem.flowAmongLayers, binding.span) }
          evaluator.scope.bind(binding.name.text, .broken)
          continue
        }
        let meaning = evaluator.evaluate(value).map { Scope.Meaning.value($0.constant.settled) } ?? .broken
        evaluator.scope.bind(binding.name.text, meaning, declaredAt: binding.name.span)
      case .flow(let flow):
        if let start = flow.start {
          fail(ScriptProblem.flowAmongLayers, start.span, &plan)
          continue
        }
        for (index, stage) in flow.stages.enumerated() {
          if index > 0, flow.stages[index - 1].tail == .none {
            report(ScriptProblem.pipeAmongLayers, Span(flow.stages[index - 1].span.end, stage.span.start))
          }
          if let layer = stage.asLayer {
            add(layer, evaluator, to: &layers, in: &plan)
          } else {
            fail(
              NameProblem.unknownLayer(stage.name.text, suggestion: nil, isStage: true, advice: nil),
              stage.name.span, &plan)
            unknown(&layers, &plan)
          }
        }
      case .definition(let node):
        fail(ScriptProblem.notAtTop("def"), Span(node.span.start, node.span.start + 3), &plan)
      case .parameter(let node):
        fail(ScriptProblem.notAtTop("param"), Span(node.span.start, node.span.start + 5), &plan)
      case .include(let node):
        fail(ScriptProblem.notAtTop("include"), Span(node.span.start, node.span.start + 7), &plan)
      }
    }
  }

  private func fail(_ problem: any Problem, _ span: Span, _ plan: inout ModelPlan) {
    report(problem, span)
    plan.isBroken = true
  }

  private func bind(_ node: LayerNode, _ name: Name, _ evaluator: Evaluator) -> ModelPlan.PlannedLayer? {
    guard let entry = Catalog.layer(named: name.text) else {
      if evaluator.scope.isBrokenDefinition(name.text) { return nil }
      report(unknown(name.text, evaluator.scope), name.span)
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
    let note: (any Problem, Span) -> Void = { problem, span in
      hasProblems = true
      report(problem, span)
    }
    let bound = Binder(report: note, own: OwnComponents(context.options)).bind(
      arguments.found, to: entry, ownerSpan: name.span, isBroken: isBroken)
    if hasProblems { return nil }
    if node.block == nil, entry.takesBlock {
      report(NameProblem.needsBlock(name.text, example: entry.example), name.span)
      return nil
    }
    return ModelPlan.PlannedLayer(entry: entry, arguments: bound, span: node.span)
  }

  /// Plans the block behind a layer, or the branches in it.
  private func addBlocks(
    to layer: inout ModelPlan.PlannedLayer, _ node: LayerNode, width: Int?, _ evaluator: Evaluator,
    in plan: inout ModelPlan
  ) {
    guard let block = node.block else { return }
    plan.isBroken = plan.isBroken || block.isBroken
    if case .branches = layer.entry.role {
      for branch in block.layers {
        guard let inner = branch.block, branch.name == nil else {
          fail(FlowProblem.layerOutsideBranch(branch.name?.text ?? ""), branch.span, &plan)
          continue
        }
        plan.isBroken = plan.isBroken || inner.isBroken
        layer.blocks.append(
          layers(of: inner, isOutermost: false, width: width, evaluator, in: &plan).planned)
      }
    } else {
      layer.blocks = [layers(of: block, isOutermost: false, width: width, evaluator, in: &plan).planned]
    }
    if block.layers.isEmpty, !block.isBroken {
      fail(FlowProblem.emptyBlock(layer.entry.name, example: layer.entry.example), block.span, &plan)
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
        fail(FlowProblem.shape(error.description), span, &plan)
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
      fail(FlowProblem.residualDisagrees(input: input, output: output), span, &plan)
      return width
    } catch {
      fail(FlowProblem.shape(error.description), span, &plan)
      return nil
    }
  }

  private func unknown(_ name: String, _ scope: Scope) -> any Problem {
    if let use = context.expansions.last(where: { $0.name == name }) {
      return ScriptProblem.usesItself(use.name)
    }
    if let advice = Elsewhere.advice(onLayer: name) {
      return NameProblem.unknownLayer(name, suggestion: nil, isStage: false, advice: advice)
    }
    let isStage = Catalog.stage(named: name) != nil
    let activation = Catalog.component(.activation, named: name) != nil
    let own = scope.suggested.definitions.filter(\.isOfLayers).map(\.name.text)
    let known = Catalog.layers.flatMap { [$0.name] + $0.aliases } + own
    let suggestion =
      Elsewhere.layer(for: name)
      ?? (activation ? "activation \(name)" : isStage ? nil : Spelling.nearest(to: name, in: known))
    return NameProblem.unknownLayer(
      name, suggestion: suggestion, isStage: isStage,
      advice: "the layers are \(quotedAll(Catalog.layers.map(\.name) + own))")
  }

  /// `input N`, as a layer or as a dense layer's option.
  private func checkInput(
    of layer: ModelPlan.PlannedLayer, isFirst: Bool, width: inout Int?, in plan: inout ModelPlan
  ) {
    var declared: (width: Int, span: Span?)?
    if case .input = layer.entry.role, let value = layer.arguments.integer("width") {
      if !isFirst, let span = layer.span { return fail(FlowProblem.inputNotFirst, span, &plan) }
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

extension NNSyntax.Stage {
  /// The stage as the layer that it was meant as, in a definition's body; nil if it cannot be one.
  fileprivate var asLayer: LayerNode? {
    switch tail {
    case .none: LayerNode(name: name, arguments: arguments, isBroken: isBroken, span: span)
    case .block(let block):
      LayerNode(name: name, arguments: arguments, block: block, isBroken: isBroken, span: span)
    case .condition, .body: nil
    }
  }
}
