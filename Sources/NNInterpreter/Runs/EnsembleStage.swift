import NNData
import NNDiagnostics
import NNEngine
import NNModelIO

/// `ensemble`: the mean of the runs' predictions as one model.
struct EnsembleStage: Stage {
  static let declaration = StageDeclaration(
    "ensemble", "makes one model of the runs, which predicts the mean of what they predict",
    options: [
      OptionDeclaration("top", .integer(1...100_000), positional: true, "only so many, the best ones"),
      OptionDeclaration("by", .text("a metric's name"), "what ranks them"),
      OptionDeclaration(
        "mode", .choice(["auto", "min", "max"]), default: .text("auto"),
        "whether less or more is better; `auto` asks the metric"),
    ],
    needs: [.runs], runsAfterInterruption: true, trains: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    if bound.arguments.isGiven("by") || bound.arguments.isGiven("top") {
      checkMetric(bound, "by", experiment, context)
    }
    guard let runs = experiment.runs else { return }
    if let first = runs.rows.first?.experiment, let model = first.model {
      experiment.model = model
      experiment.model?.training = .promised(model.target)
      // Its layers are the runs', side by side.
      experiment.model?.isUnknown = true
      context.compilations.use(model.compile?.span)
    }
    experiment.history = nil
    experiment.metrics = []
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let runs = experiment.runs else {
      if context.stop.isRequested { return }
      throw Found(FlowProblem.needsRuns("ensemble"), at: bound.nameSpan)
    }
    let leaderboard = Leaderboard(runs, by: bound.arguments.text("by"), mode: bound.mode)
    var chosen = runs.rows.filter { $0.status == .done }
    if let top = bound.arguments.integer("top"), let metric = leaderboard.metric {
      let ranked = chosen.enumerated().sorted { one, other in
        let (a, b) = (one.element.metric(metric) ?? .nan, other.element.metric(metric) ?? .nan)
        if a.isFinite != b.isFinite { return a.isFinite }
        if a.isFinite, a != b { return leaderboard.isLess ? a < b : a > b }
        return one.offset < other.offset
      }
      // In the source's order again, for sums depend on it.
      let places = Set(ranked.prefix(top).map(\.offset))
      chosen = chosen.indices.filter(places.contains).map { chosen[$0] }
    }
    let models = try chosen.compactMap { try $0.experiment(context).model }
    let model = try placed(at: bound.nameSpan) { () throws(Found) in try Ensemble(models).model() }
    experiment.model = model
    experiment.history = nil
    experiment.metrics = []
    experiment.hasUnlearnedSteps = false
    context.tell(
      .output(
        stage: "ensemble",
        text: "ensemble of \(counted(models.count, "run")), weights \(model.trained?.digest ?? "")"))
  }
}

/// Several trained models as one: their layers stand side by side in a `parallel`, and a last layer takes the mean. Where they have
/// learned other scalings, as in folds, a layer in front of each turns the first model's numbers into its own.
struct Ensemble {
  private let models: [(slot: ModelSlot, trained: TrainedModel)]

  init(_ models: [ModelSlot]) {
    self.models = models.compactMap { slot in slot.trained.map { (slot, $0) } }
  }

  func model() throws(Found) -> ModelSlot {
    guard let first = models.first else { throw Found(RunsProblem.nothingDone) }
    guard let parallel = Catalog.layer(named: "parallel"), let dense = Catalog.layer(named: "dense") else {
      throw Found(RunsProblem.nothingDone)
    }
    let outputs = first.trained.network.outputWidth
    var branches: [[ModelPlan.PlannedLayer]] = []
    var values: [String: [Float]] = [:]
    for (index, model) in models.enumerated() {
      try requireAlike(first.trained, model.trained)
      var layers: [ModelPlan.PlannedLayer] = []
      let before = try Self.turn(first.trained.preprocessor, into: model.trained.preprocessor)
      if let before { layers.append(linear(dense, units: before.offsets.count)) }
      for layer in model.slot.plan.layers where !layer.isInput {
        layers.append(layer.isOutput ? output(dense, model.trained) : layer)
      }
      let after = try Self.turnBack(model.trained.preprocessor, into: first.trained.preprocessor)
      if let after { layers.append(linear(dense, units: after.offsets.count)) }
      branches.append(layers)
      let path = "layers.0.branches.\(index).layers."
      if let before { values.merge(before.parameters(path + "0.")) { $1 } }
      for parameter in model.trained.network.parameters {
        values[renamed(parameter.name, path, shift: before == nil ? 0 : 1)] = parameter.values
      }
      if let after { values.merge(after.parameters(path + "\(layers.count - 1).")) { $1 } }
    }
    var plan = ModelPlan()
    plan.inputWidth = first.trained.network.inputWidth
    plan.layers = [
      ModelPlan.PlannedLayer(entry: parallel, arguments: BoundArguments(), span: nil, blocks: branches),
      linear(dense, units: outputs, hasBias: false),
    ]
    var mean = [Float](repeating: 0, count: models.count * outputs * outputs)
    for row in 0..<models.count * outputs { mean[row * outputs + row % outputs] = 1 / Float(models.count) }
    values["layers.1.kernel"] = mean
    return try slot(plan, values, first)
  }

  private func slot(
    _ plan: ModelPlan, _ values: [String: [Float]], _ first: (slot: ModelSlot, trained: TrainedModel)
  ) throws(Found) -> ModelSlot {
    var network: Network
    do throws(EngineError) {
      network = try plan.network(inputWidth: first.trained.network.inputWidth, output: nil)
      for parameter in network.parameters {
        try network.setParameter(
          name: parameter.name, shape: parameter.shape, values: values[parameter.name] ?? [])
      }
    } catch {
      throw Found(RunProblem.engine(error))
    }
    var compile = first.slot.compile ?? CompileOptions()
    compile.loss = first.trained.target.loss
    var trained = first.trained
    trained.network = network
    trained.target.output = nil
    trained.digest = network.digest
    trained.state = TrainingState(optimizer: compile.makeOptimizer())
    trained.fit = nil
    trained.decision = nil
    trained.calibration = nil
    return ModelSlot(plan: plan, compile: compile, training: .ready(trained))
  }

  private func renamed(_ name: String, _ path: String, shift: Int) -> String {
    var parts = name.split(separator: ".").map(String.init)
    guard parts.count > 1, let index = Int(parts[1]) else { return name }
    parts[1] = String(index + shift)
    return path + parts.dropFirst().joined(separator: ".")
  }

  // MARK: Layers

  private func linear(_ dense: LayerEntry, units: Int, hasBias: Bool = true) -> ModelPlan.PlannedLayer {
    layer(dense, ["units": .number(Double(units)), "bias": .bool(hasBias)])
  }

  /// What `output` has become.
  private func output(_ dense: LayerEntry, _ trained: TrainedModel) -> ModelPlan.PlannedLayer {
    guard let output = trained.target.output else { return linear(dense, units: 1) }
    return layer(
      dense,
      ["units": .number(Double(output.units)), "activation": .call(output.activation.record)])
  }

  private func layer(_ entry: LayerEntry, _ options: [String: OptionValue]) -> ModelPlan.PlannedLayer {
    let arguments = options.sorted { $0.key < $1.key }.map {
      EvaluatedArgument(name: $0.key, record: $0.value)
    }
    let bound = Binder { _, _ in }.bind(
      arguments, to: entry, ownerSpan: Span(0, 0), isBroken: false, joinsWords: false)
    return ModelPlan.PlannedLayer(entry: entry, arguments: bound, span: nil)
  }

  // MARK: Preparation

  private func requireAlike(_ first: TrainedModel, _ other: TrainedModel) throws(Found) {
    if first.target.roles.targets != other.target.roles.targets
      || first.preprocessor.classes != other.preprocessor.classes
      || first.target.loss.name != other.target.loss.name
      || first.network.outputWidth != other.network.outputWidth
    {
      throw Found(RunsProblem.ensembleDiffers("they answer different questions"))
    }
  }

  /// factor · x + offset for each value.
  struct Turn {
    var factors: [Double]
    var offsets: [Double]

    var isNothing: Bool { factors.allSatisfy { $0 == 1 } && offsets.allSatisfy { $0 == 0 } }

    func parameters(_ path: String) -> [String: [Float]] {
      let count = factors.count
      var kernel = [Float](repeating: 0, count: count * count)
      for index in factors.indices { kernel[index * count + index] = Float(factors[index]) }
      return [path + "kernel": kernel, path + "bias": offsets.map { Float($0) }]
    }
  }

  /// What makes numbers of one preparation those of another; nil where they are the same.
  private static func turn(_ first: Preprocessor, into own: Preprocessor) throws(Found) -> Turn? {
    if first.inputs == own.inputs { return nil }
    guard first.inputs.map(\.name) == own.inputs.map(\.name) else {
      throw Found(RunsProblem.ensembleDiffers("they take different columns"))
    }
    var turn = Turn(factors: [], offsets: [])
    for (one, other) in zip(first.inputs, own.inputs) {
      if one == other {
        turn.factors += [Double](repeating: 1, count: one.width)
        turn.offsets += [Double](repeating: 0, count: one.width)
        continue
      }
      guard one.name == other.name, one.hasIndicator == other.hasIndicator,
        case .number(let fill, let scaling) = one.encoding,
        case .number(let otherFill, let otherScaling) = other.encoding, fill == otherFill,
        let affine = affine(scaling, otherScaling)
      else {
        throw Found(
          RunsProblem.ensembleDiffers(
            "column `\(one.name)` was prepared otherwise in each, and no scaling makes up for it"))
      }
      turn.factors.append(affine.factor)
      turn.offsets.append(affine.offset)
      if one.hasIndicator {
        turn.factors.append(1)
        turn.offsets.append(0)
      }
    }
    return turn.isNothing ? nil : turn
  }

  /// The other way, for what comes out.
  private static func turnBack(_ own: Preprocessor, into first: Preprocessor) throws(Found) -> Turn? {
    if first.classes != nil || first.outputs == own.outputs { return nil }
    var turn = Turn(factors: [], offsets: [])
    for (one, other) in zip(own.outputs, first.outputs) {
      guard let affine = affine(one.scaling, other.scaling) else {
        throw Found(RunsProblem.ensembleDiffers("their targets were prepared otherwise"))
      }
      turn.factors.append(affine.factor)
      turn.offsets.append(affine.offset)
    }
    return turn.isNothing ? nil : turn
  }

  /// From the numbers of one scaling to those of another: (x·s₁ + o₁ − o₂) / s₂.
  private static func affine(_ one: Scaling?, _ other: Scaling?) -> (factor: Double, offset: Double)? {
    guard one?.knots.isEmpty ?? true, other?.knots.isEmpty ?? true else { return one == other ? (1, 0) : nil }
    let (scale, offset) = (one?.scale ?? 1, one?.offset ?? 0)
    let (otherScale, otherOffset) = (other?.scale ?? 1, other?.offset ?? 0)
    return (scale / otherScale, (offset - otherOffset) / otherScale)
  }
}
