import NNData
import NNDiagnostics
import NNEngine
import NNReport

/// `calibrate [temperature|platt] [path=FILE]`: makes the model's probabilities hold, by the validation rows.
struct CalibrateStage: Stage {
  static let declaration = StageDeclaration(
    "calibrate", "scales the last layer so that probabilities hold on the validation rows",
    options: [
      OptionDeclaration(
        "method", .choice(Calibration.Method.allCases.map(\.rawValue)), default: .text("temperature"),
        positional: true,
        "one temperature for all logits, or, of two classes, scale and offset of the logit (Platt)"),
      OptionDeclaration(
        "path", aliases: ["on", "data"], .text("a file"), "rows to learn from instead of the validation part"),
    ],
    needs: [.weights], trains: true)

  private let bound: BoundStage

  var files: StageFiles { StageFiles(reads: [bound.arguments.text("path")]) }

  init(_ bound: BoundStage) { self.bound = bound }

  private var method: Calibration.Method { bound.arguments.choice("method", or: .temperature) }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    defer { experiment.metrics.removeAll { $0.name.hasPrefix("test_") } }
    if let target = experiment.model?.target,
      let problem = problem(target, experiment.model?.trained?.network)
    {
      context.report(problem, at: bound.nameSpan)
      return
    }
    if let model = experiment.model, let target = model.target, !model.plan.endsInLogits(target) {
      context.report(OutcomeProblem.notCalibratable(Self.otherEnd), at: bound.nameSpan)
      return
    }
    LearningRows.check(bound, of: "calibrate", experiment, context)
  }

  private static let otherEnd = "its last layer makes no probabilities of a dense layer's values"

  private func problem(_ target: TargetPlan, _ network: Network?) -> (any Problem)? {
    let name = target.roles.targets.first ?? "the target"
    if target.kind == .numeric {
      return FlowProblem.needsClasses(stage: "calibrate", targets: target.roles.targets)
    }
    if Catalog.makeLoss(target.loss).output == .margins {
      return OutcomeProblem.needsProbabilities(stage: "calibrate")
    }
    let outputs = network?.outputWidth ?? target.output?.units
    if method == .platt, let outputs, outputs > 1 {
      return OutcomeProblem.needsTwoClasses(stage: "calibrate platt", target: name, classes: outputs)
    }
    return nil
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let model = experiment.model, var trained = model.trained else {
      throw Found(FlowProblem.needsWeights("calibrate"))
    }
    if let problem = problem(trained.target, trained.network) { throw Found(problem, at: bound.nameSpan) }
    let rows = try LearningRows(bound, of: "calibrate", experiment, context)
    experiment.announceData(to: context, force: true, target: trained.target)
    let scaling: LogitScaling
    let (before, after): (Double, Double)
    do {
      let takesLogits = Catalog.makeLoss(trained.target.loss).output == .logits
      guard let head = try LogitHead(trained.network, lossTakesLogits: takesLogits) else {
        throw Found(
          OutcomeProblem.notCalibratable(Self.otherEnd),
          at: bound.nameSpan)
      }
      if method == .platt, !head.takesOffset {
        throw Found(
          OutcomeProblem.notCalibratable("its last dense layer has no bias, which `platt` needs"),
          at: bound.nameSpan)
      }
      let (dataset, warnings) = try placed(at: bound.nameSpan) { () throws(Found) in
        try trained.preprocessor.dataset(rows.table, rows: rows.indices, trained.target.with(form: .classIDs))
      }
      context.warn(warnings, at: bound.nameSpan)
      let classes = dataset.targets.values.map { Int($0) }
      let logits = try head.logits.predict(dataset.features, threads: context.options.threads)
      do throws(LogitScaling.Failure) {
        scaling =
          method == .platt
          ? try LogitScaling.platt(logits: logits, classes: classes)
          : try LogitScaling.temperature(logits: logits, classes: classes)
      } catch .separable {
        context.warn(OutcomeProblem.saturated, at: bound.nameSpan)
        return
      } catch .misleading {
        throw Found(OutcomeProblem.misleading(place: rows.place), at: bound.nameSpan)
      } catch .allAlike {
        throw Found(OutcomeProblem.saysOneThing(place: rows.place), at: bound.nameSpan)
      } catch {
        throw Found(OutcomeProblem.validationEmpty(stage: "calibrate"), at: bound.nameSpan)
      }
      before = try error(of: trained, rows, context)
      trained.network = try head.folding(scaling, into: trained.network)
      trained.digest = trained.network.digest
      // What was set for the old probabilities is not true of the new ones.
      trained.decision = nil
      let earlier = trained.calibration
      trained.calibration = Calibration(
        method: method, scale: (earlier?.scale ?? 1) * scaling.scale,
        offset: (earlier?.offset ?? 0) * scaling.scale + scaling.offset, rows: rows.count)
      after = try error(of: trained, rows, context)
    } catch let error as EngineError {
      throw Found(RunProblem.engine(error), at: bound.nameSpan)
    }
    experiment.model?.training = .ready(trained)
    experiment.metrics.removeAll { $0.name.hasPrefix("test_") }
    let learned =
      method == .temperature
      ? "temperature \(formatMetric(1 / scaling.scale))"
      : "logit × \(formatMetric(scaling.scale)) \(scaling.offset < 0 ? "−" : "+") \(formatMetric(abs(scaling.offset)))"
    context.tell(
      .output(
        stage: "calibrate",
        text: """
          \(learned), learned on \(rows.place), \(counted(rows.count, "row"))
            cross-entropy \(formatMetric(scaling.before)) → \(formatMetric(scaling.after))
            calibration error \(formatShare(before)) → \(formatShare(after))
            weights \(trained.digest)
          """))
  }

  /// The expected calibration error on the rows.
  private func error(of trained: TrainedModel, _ rows: LearningRows, _ context: RunContext) throws -> Double {
    let found = try trained.outcomes(of: rows.table, rows: rows.indices, threads: context.options.threads)
    guard case .classes(let outcomes) = found.outcomes else { return .nan }
    return Reliability(outcomes).error
  }
}

extension ModelPlan {
  /// Whether the network ends as ``LogitHead`` takes it, as far as that is known before there is one.
  fileprivate func endsInLogits(_ target: TargetPlan) -> Bool {
    let layers = layers.filter { !$0.isInput }
    guard let last = layers.last, !last.isOutput else { return true }
    let takesLogits = Catalog.makeLoss(target.loss).output == .logits
    func isProbability(_ activation: any Activation) -> Bool {
      activation is Softmax || activation is Sigmoid
    }
    if let dense = last.made as? Dense {
      return takesLogits ? dense.activation is Linear : isProbability(dense.activation)
    }
    guard let end = last.made as? ActivationLayer, let dense = layers.dropLast().last?.made as? Dense else {
      return false
    }
    return !takesLogits && isProbability(end.activation) && dense.activation is Linear
  }
}
