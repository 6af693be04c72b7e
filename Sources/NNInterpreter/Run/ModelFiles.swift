import NNData
import NNDiagnostics
import NNEngine
import NNModelIO
import NNSyntax

/// The program's version, as `nn --version` prints it and model files record it.
public let version = "0.1.0"

/// The processor's instructions that the engine's kernels use here.
public var instructionSetName: String { activeISA }

/// A model read from a file, ready to take its place in an experiment.
struct OpenedModel {
  /// The weights are those whose digest the file carries.
  var isAsSaved: Bool
  var model: ModelSlot
  var history: History?

  func install(in experiment: inout Experiment) {
    experiment.model = model
    experiment.history = history
    experiment.metrics = []
  }
}

/// Writes the experiment's model with its preparation, history and, if asked, the optimizer's state; in the form that the
/// path's ending says.
func saveModel(_ experiment: Experiment, to path: String, withOptimizer: Bool) throws(Found) {
  let form = ModelForm(path: path) ?? .safetensors
  let (saved, trained) = try describeModel(experiment, withOptimizer: withOptimizer && form == .safetensors)
  guard form == .safetensors else { return try exportModel(trained, saved, form, to: path) }
  do {
    try saved.write(path: path)
  } catch {
    throw Found(RunProblem.modelNotWritten(error))
  }
}

/// The experiment's model as a file describes it, and as it is.
private func describeModel(
  _ experiment: Experiment, withOptimizer: Bool
) throws(Found) -> (saved: SavedModel, trained: TrainedModel) {
  guard let model = experiment.model, let trained = model.trained else {
    throw Found(FlowProblem.needsWeights("save"))
  }
  if let own = model.plan.ownActivation { throw Found(RunProblem.ownFunction(.activation, name: own)) }
  if trained.target.loss.own != nil {
    throw Found(RunProblem.ownFunction(.loss, name: trained.target.loss.name))
  }
  let names = LayerNames(model.plan)
  let compile = model.compile ?? CompileOptions()
  var layers = model.plan.layers.map(\.record)
  if let output = trained.target.output, let last = layers.indices.last {
    layers[last].options = [
      "units": .number(Double(output.units)), "activation": .call(output.activation.record),
    ]
  }
  var optimizer = compile.optimizer.record
  // A callback may have changed it.
  if trained.state.optimizer.settings.schedule == nil {
    optimizer.options["lr"] = .number(trained.state.optimizer.learningRate)
  }
  var options: [String: OptionValue] = [:]
  let weighted = compile.metrics.filter(\.isWeighted)
  if !weighted.isEmpty { options["weighted_metrics"] = .list(weighted.map { .call($0.component.record) }) }
  var progress = ProgressRecord(trained.state)
  let rate = trained.state.optimizer.learningRate
  if rate != compile.makeOptimizer().learningRate { progress.learningRate = rate }
  // Steps without the optimizer's memory would correct for a bias that is not there.
  if !withOptimizer { progress.iterations = 0 }
  let saved = SavedModel(
    version: version, inputWidth: trained.network.inputWidth, layers: layers,
    compile: CompileRecord(
      loss: trained.target.loss.record, optimizer: optimizer,
      metrics: compile.metrics.filter { !$0.isWeighted }.map(\.component.record), options: options),
    preprocessor: trained.preprocessor, reading: trained.reading, seed: trained.seed, digest: trained.digest,
    progress: progress,
    history: (experiment.history ?? History()).map { HistoryEntry($0) },
    decision: trained.decision.map { DecisionRecord(threshold: $0.value, rule: $0.rule) },
    calibration: trained.calibration?.record,
    parameters: SavedModel.tensors(of: trained.network).map(names.inFile),
    optimizerState: withOptimizer
      ? SavedModel.optimizerTensors(of: trained.state, network: trained.network).map(names.inFile) : [])
  return (saved, trained)
}

/// Reads a model that `save` wrote, or a dense network in ONNX that another program did.
func openModel(_ path: String, _ naming: ForeignNaming = ForeignNaming()) throws(Found) -> OpenedModel {
  if path.contains("://") { throw Found(DataProblem.remote(path)) }
  let isONNX = ending(of: path) == ".onnx"
  guard isONNX || ending(of: path) == ".safetensors" else {
    throw Found(DataProblem.ending(path: path, known: [".safetensors", ".onnx"], isRead: true))
  }
  if isONNX { return try openONNX(path, naming) }
  if naming.isGiven { throw Found(ExportProblem.needlessNames(path: path)) }
  let saved: SavedModel
  do {
    saved = try SavedModel(path: expandingTilde(path))
  } catch {
    if case .fileMissing = error {
      throw Found(DataProblem.model(reason: error.description, suggestion: fileNear(expandingTilde(path))))
    }
    throw Found(DataProblem.model(reason: error.description))
  }
  var rebuilder = ModelRebuilder(saved: saved, path: path)
  return try rebuilder.rebuild()
}

private func openONNX(_ path: String, _ naming: ForeignNaming) throws(Found) -> OpenedModel {
  let imported: ImportedModel
  do {
    imported = try ImportedModel(path: expandingTilde(path))
  } catch {
    switch error {
    case .notDense: throw Found(ExportProblem.notImported(error))
    case .file(.fileMissing):
      throw Found(DataProblem.model(reason: error.description, suggestion: fileNear(expandingTilde(path))))
    default: throw Found(DataProblem.model(reason: error.description))
    }
  }
  switch imported {
  case .own(let saved):
    if naming.isGiven { throw Found(ExportProblem.needlessNames(path: path)) }
    var rebuilder = ModelRebuilder(saved: saved, path: path)
    return try rebuilder.rebuild()
  case .foreign(let network):
    let (saved, hasPlaceholders) = try network.saved(naming, path: path)
    var rebuilder = ModelRebuilder(saved: saved, path: path)
    var opened = try rebuilder.rebuild()
    if case .ready(var trained) = opened.model.training {
      trained.hasPlaceholders = hasPlaceholders
      opened.model.training = .ready(trained)
    }
    return opened
  }
}

/// Layer numbers in a file count the block's layers, `input` too; the engine's leave it out.
private struct LayerNames {
  private let toFile: [Int]

  init(_ plan: ModelPlan) { toFile = plan.blockIndices }

  func inFile(_ tensor: SavedModel.Tensor) -> SavedModel.Tensor {
    renumber(tensor) { $0 < toFile.count ? toFile[$0] : nil }
  }
  func inEngine(_ tensor: SavedModel.Tensor) -> SavedModel.Tensor {
    renumber(tensor) { toFile.firstIndex(of: $0) }
  }

  private func renumber(_ tensor: SavedModel.Tensor, _ map: (Int) -> Int?) -> SavedModel.Tensor {
    var parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let place = parts.firstIndex(of: "layers"), place + 1 < parts.count,
      let index = Int(parts[place + 1]), let mapped = map(index)
    else { return tensor }
    parts[place + 1] = String(mapped)
    var renamed = tensor
    renamed.name = parts.joined(separator: ".")
    return renamed
  }
}

/// Binds a file's records through the catalog, as if they had been written in a script.
private struct ModelRebuilder {
  /// With the tensors under the engine's names, once the plan is known.
  private(set) var saved: SavedModel
  let path: String

  mutating func rebuild() throws(Found) -> OpenedModel {
    guard let preprocessor = saved.preprocessor, let record = saved.compile?.loss else {
      throw damaged("it does not say what it was trained for")
    }
    let plan = try modelPlan()
    let names = LayerNames(plan)
    saved.parameters = saved.parameters.map(names.inEngine)
    saved.optimizerState = saved.optimizerState.map(names.inEngine)
    let loss = try component(.loss, record)
    var compile = CompileOptions()
    if let optimizer = saved.compile?.optimizer { compile.optimizer = try component(.optimizer, optimizer) }
    var (plain, weighted): ([Component], [Component]) = ([], [])
    for metric in saved.compile?.metrics ?? [] { plain.append(try component(.metric, metric)) }
    if case .list(let entries)? = saved.compile?.options["weighted_metrics"] {
      for case .call(let metric) in entries { weighted.append(try component(.metric, metric)) }
    }
    compile.setMetrics(plain.map { ($0, nil) }, weighted: weighted.map { ($0, nil) })
    // Where the first files had a rate of `compile`'s own.
    if case .number(let rate)? = saved.compile?.options["lr"] {
      compile.optimizer.arguments.set("lr", Bound(.number(rate), span: nil))
    }
    if !plan.endsInOutput { compile.loss = loss }

    let target = try targetPlan(plan, preprocessor, loss)
    let network = try network(plan, target)
    let state = saved.progress.state(optimizer: compile.makeOptimizer(), slots: saved.slots)
    var history: History?
    if !saved.history.isEmpty {
      var epochs = History()
      for entry in saved.history { epochs.append(entry.record) }
      history = epochs
    }
    let trained = TrainedModel(
      network: network, preprocessor: preprocessor, target: target, state: state, seed: saved.seed ?? 0,
      digest: network.digest, reading: saved.reading,
      decision: saved.decision.map { DecisionThreshold(value: $0.threshold, rule: $0.rule) },
      calibration: saved.calibration.flatMap(Calibration.init))
    return OpenedModel(
      isAsSaved: saved.digest == nil || saved.digest == network.digest,
      model: ModelSlot(plan: plan, compile: compile, training: .ready(trained)), history: history)
  }

  private func damaged(_ reason: String) -> Found {
    Found(DataProblem.model(reason: "\(path) cannot be used: \(reason)"))
  }

  private func modelPlan() throws(Found) -> ModelPlan {
    var plan = ModelPlan()
    plan.layers = try layers(saved.layers, isOutermost: true)
    guard plan.layers.layerCount <= ModelPlan.mostLayers else { throw damaged("it has too many layers") }
    plan.inputWidth = saved.inputWidth
    return plan
  }

  private func layers(
    _ records: [LayerRecord], isOutermost: Bool
  ) throws(Found) -> [ModelPlan.PlannedLayer] {
    var layers: [ModelPlan.PlannedLayer] = []
    for record in records {
      guard let entry = Catalog.layer(named: record.name) else {
        throw damaged("this version of nn has no layer `\(record.name)`")
      }
      var options = record.options
      if case .output = entry.role { options = [:] }
      var layer = ModelPlan.PlannedLayer(entry: entry, arguments: try bind(options, to: entry), span: nil)
      switch entry.role {
      case .block: layer.blocks = [try self.layers(record.layers ?? [], isOutermost: false)]
      case .branches:
        for branch in record.branches ?? [] {
          layer.blocks.append(try self.layers(branch, isOutermost: false))
        }
      case .layer: break
      case .input, .output:
        guard isOutermost else { throw damaged("its `\(entry.name)` stands within a block") }
      }
      layers.append(layer)
    }
    return layers
  }

  private func targetPlan(
    _ plan: ModelPlan, _ preprocessor: Preprocessor, _ loss: Component
  ) throws(Found) -> TargetPlan {
    let lossTarget = Catalog.makeLoss(loss).target
    if lossTarget == .binary, let classes = preprocessor.classes, classes.count != 2 {
      throw damaged("its loss is for two classes, and its target has \(classes.count)")
    }
    var form = TargetForm.values
    if preprocessor.classes != nil { form = .classIDs }
    if case .oneHotClasses = lossTarget, preprocessor.classes != nil { form = .oneHot }
    var target = TargetPlan(
      roles: preprocessor.roles, kind: preprocessor.targetKind, form: form, output: nil, loss: loss,
      lossTarget: lossTarget)
    if plan.endsInOutput, let options = saved.layers.last?.options {
      guard case .number(let number)? = options["units"], let units = Int(exactly: number), units > 0,
        case .call(let activation)? = options["activation"]
      else { throw damaged("its output layer is not described") }
      target.output = (units, try component(.activation, activation))
    }
    return target
  }

  private func network(_ plan: ModelPlan, _ target: TargetPlan) throws(Found) -> Network {
    guard saved.preprocessor?.featureWidth == saved.inputWidth else {
      throw damaged("its preparation gives another number of features than its network takes")
    }
    do {
      let output = target.output.map { ($0.units, Catalog.makeActivation($0.activation)) }
      var network = try plan.network(inputWidth: saved.inputWidth, output: output)
      try saved.setParameters(of: &network)
      let classes = saved.preprocessor?.classes?.count
      let outputs = target.lossTarget == .binary ? nil : classes
      guard network.parameters.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
        throw damaged("its weights are not all finite numbers")
      }
      guard network.hasWeights, network.outputWidth == outputs ?? target.roles.targets.count else {
        throw damaged("its tensors are not those of its layers")
      }
      return network
    } catch let error as EngineError {
      throw damaged(error.description)
    } catch let error as Found {
      throw error
    } catch {
      throw damaged("\(error)")
    }
  }

  private func component(_ kind: ComponentKind, _ record: CallRecord) throws(Found) -> Component {
    guard let declaration = Catalog.component(kind, named: record.name) else {
      throw damaged("this version of nn has no \(kind.rawValue) `\(record.name)`")
    }
    return Component(kind: kind, name: declaration.name, arguments: try bind(record.options, to: declaration))
  }

  private func bind(
    _ options: [String: OptionValue], to declaration: any Declaration
  ) throws(Found) -> BoundArguments {
    var first: (any Problem)?
    let arguments = options.sorted { $0.key < $1.key }.map {
      EvaluatedArgument(name: $0.key, record: $0.value)
    }
    let bound = Binder { problem, _ in first = first ?? problem }.bind(
      arguments, to: declaration, ownerSpan: Span(0, 0), isBroken: false, joinsWords: false)
    if let first { throw damaged(first.message) }
    return bound
  }
}
