import CKernels

/// Layers one after the other, ready to run: a network's, or those within a layer.
struct Chain {
  let layers: [any LayerPlan]
  /// The place in its list of the layer that each plan is of.
  let layerIndices: [Int]
  /// The last layer's, or the chain's input if no layer does anything.
  let output: MatrixView
  let outputGradient: MatrixView?

  /// What is run: the layers, small dense ones that follow one another taken together.
  private let parts: [Part]
  /// For each part where the gradients of its weights and those of later parts begin.
  private let gradientPlaces: [Int]

  private enum Part {
    case layer(any LayerPlan)
    case run(DenseRun)
  }

  init(
    layers: [any LayerPlan], layerIndices: [Int], output: MatrixView, outputGradient: MatrixView?,
    executor: Executor, gradientPlaces places: [Int]
  ) {
    self.layers = layers
    self.layerIndices = layerIndices
    self.output = output
    self.outputGradient = outputGradient
    var parts: [Part] = []
    var gradientPlaces: [Int] = []
    var index = 0
    while index < layers.count {
      gradientPlaces.append(places[index])
      let run = layers[index...].prefix { ($0 as? DensePlan)?.small != nil }.compactMap { $0 as? DensePlan }
      if run.isEmpty {
        parts.append(.layer(layers[index]))
        index += 1
      } else {
        parts.append(.run(DenseRun(run.compactMap(\.small), kernels: executor.kernels)))
        index += run.count
      }
    }
    self.parts = parts
    self.gradientPlaces = gradientPlaces
  }

  /// The run that all layers are in, if they are in one.
  var soleRun: DenseRun? {
    guard parts.count == 1, case .run(let run) = parts[0] else { return nil }
    return run
  }

  func forward(rows: Int, step: UInt64) {
    for index in 0..<parts.count {
      switch parts[index] {
      case .layer(let layer): layer.forward(rows: rows, step: step)
      case .run(let run): run.forward(rows: rows)
      }
    }
  }

  /// - Parameter exchange: told of the layers whose gradients are complete.
  func backward(rows: Int, exchange: (any StepExchange)? = nil) {
    var next = parts.count
    while next > 0 {
      next -= 1
      switch parts[next] {
      case .layer(let layer): layer.backward(rows: rows)
      case .run(let run): run.backward(rows: rows)
      }
      exchange?.ready(from: gradientPlaces[next])
    }
  }

  /// The penalties on outputs.
  func penalty(_ rows: Range<Int>, of batch: Int) -> Float {
    var sum: Float = 0
    for index in 0..<layers.count { sum += layers[index].penalty(rows, of: batch) }
    return sum
  }
}

/// Makes the plans of layers that follow one another.
struct ChainBuilder {
  /// What is known of the network's end.
  struct Head {
    /// The activation which the loss looks behind, if it does.
    var activation: ck_activation?
    /// Are predictions wanted where the loss is computed from logits?
    var wantsPredictions = true
    /// What will be measured of the outputs.
    var metrics: [any Metric] = []
  }

  let resources: PlanResources
  var head = Head()

  /// - Parameters:
  ///   - path: under which the layers are numbered, as in `layers`.
  ///   - inputGradient: where the gradient by the input goes; nil if nobody wants it.
  func chain(_ layers: [any Layer], path: String, input: MatrixView, inputGradient: MatrixView?) -> Chain {
    let placed = layers.placed(path).filter { !$0.layer.isIdentity(training: resources.training) }
    var plans: [any LayerPlan] = []
    var indices: [Int] = []
    var places: [Int] = []
    var current = input
    var gradient = inputGradient
    var wanted = inputGradient != nil
    for (place, each) in placed.enumerated() {
      let layer = each.layer
      let isLast = place == placed.count - 1
      let last = layer.lastActivation
      let site = LayerSite(
        path: each.path, resources: resources, input: current,
        outputWidth: (try? layer.outputWidth(inputWidth: current.columns)) ?? current.columns,
        inputGradient: wanted ? gradient : nil,
        fused: isLast && head.activation == last && head.activation != nil,
        wantsPredictions: head.wantsPredictions, keepsLogits: isLast && looksBehind(last))
      guard let plan = layer.makePlan(site) else { continue }
      plans.append(plan)
      indices.append(each.index)
      places.append(resources.parameters.gradientPlace(of: each.path))
      wanted = wanted || !layer.parameters(inputWidth: current.columns).isEmpty
      current = plan.output
      gradient = plan.outputGradient
    }
    return Chain(
      layers: plans, layerIndices: indices, output: current, outputGradient: gradient,
      executor: resources.executor, gradientPlaces: places)
  }

  /// Is one of the metrics a loss that Keras computes from behind this activation?
  private func looksBehind(_ activation: ck_activation) -> Bool {
    head.metrics.contains { $0.measuredLoss?.kernel.form(behind: activation) != nil }
  }
}

/// A layer and its place.
struct PlacedLayer {
  let layer: any PlannedLayer
  let path: String
  /// In the outermost list.
  let index: Int
}

extension [any Layer] {
  /// The layers with their paths, repeated blocks written out.
  func placed(_ path: String) -> [PlacedLayer] {
    enumerated().flatMap { index, layer -> [PlacedLayer] in
      let own = "\(path).\(index)"
      if let block = layer as? Repeat {
        return block.copies.placed(own + ".layers").map {
          PlacedLayer(layer: $0.layer, path: $0.path, index: index)
        }
      }
      return (layer as? any PlannedLayer).map { [PlacedLayer(layer: $0, path: own, index: index)] } ?? []
    }
  }

  /// The width that comes out of these layers.
  func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    var width = inputWidth
    for (index, layer) in enumerated() {
      guard layer is any PlannedLayer else { throw .unsupportedLayer(layer: index, kind: layer.kind) }
      width = try layer.outputWidth(inputWidth: width)
    }
    return width
  }

  /// The weights of these layers, numbered under a path.
  func parameters(inputWidth: Int, path: String) -> [ParameterSpecification] {
    var width = inputWidth
    return enumerated().flatMap { index, layer -> [ParameterSpecification] in
      let before = width
      width = (try? layer.outputWidth(inputWidth: before)) ?? before
      return layer.parameters(inputWidth: before).map { $0.within("\(path).\(index)") }
    }
  }
}
