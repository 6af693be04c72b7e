import NNReport

/// What a shell answers to a stage that shows nothing by itself: `split` how many rows each part has, `model` its widths.
struct StageAnswer {
  let step: Plan.Step
  let before: Experiment
  let after: Experiment

  var text: String? {
    let name = step.declaration.name
    switch step.stage {
    case is ModelStage: return model
    case is CompileStage: return compile
    case is SplitStage:
      guard let split = after.data?.split else { return nil }
      let parts = [("to train", split.training), ("to watch", split.validation), ("to test", split.test)]
      return "split: "
        + parts.filter { !$0.1.isEmpty }.map { "\(counted($0.1.count, "row")) \($0.0)" }.joined(
          separator: ", ")
    case is DataStage: return nil
    default: break
    }
    if after.steps.count > before.steps.count {
      return "\(name): learned at the model's first fit, from the rows that train"
    }
    guard let old = before.data?.table, let new = after.data?.table else { return nil }
    if old.rowCount != new.rowCount {
      return "\(name): \(counted(new.rowCount, "row")) of \(formatCount(old.rowCount))"
    }
    if old.columns.count != new.columns.count {
      return "\(name): \(counted(new.columns.count, "column")) of \(formatCount(old.columns.count))"
    }
    return step.declaration.isSilent ? "\(name): nothing changes" : nil
  }

  private var model: String? {
    guard let slot = after.model else { return nil }
    if let trained = slot.trained {
      return
        "model \(FlowState(after).network ?? ""): \(formatCount(trained.network.parameterCount)) parameters, "
        + "\(counted(trained.state.epochsDone, "epoch")) trained, weights \(trained.digest)"
    }
    guard !slot.isUnknown else { return nil }
    var text = "model \(FlowState(after).network ?? "")"
    if let data = after.data, let table = data.table,
      let target = try? TargetResolver(
        table: table, declared: data.roles, plan: slot.plan, compile: slot.compile
      ).resolve()
    {
      text += " → \(target.roles.targets.map(escapingControls).joined(separator: ", "))"
      if let output = target.output { text += " (\(output.activation.name))" }
      text += ", loss \(target.loss.name)"
    }
    return text + "; `fit` trains it"
  }

  private var compile: String? {
    guard let options = after.model?.compile else { return nil }
    var parts = [options.optimizer.name]
    let optimizer = options.makeOptimizer()
    if let schedule = optimizer.settings.schedule {
      parts[0] += ", lr \(schedule.name)(…)"
    } else {
      parts[0] += ", lr \(formatMetric(optimizer.settings.learningRate, trailingZeros: false))"
    }
    if let loss = options.loss { parts.append("loss \(loss.name)") }
    if !options.metrics.isEmpty {
      parts.append("metrics " + options.metrics.map(\.name).joined(separator: ", "))
    }
    return "compile: " + parts.joined(separator: ", ")
  }
}

extension Plan {
  /// The answers of the last stages of the script's own flow: those behind the last one that shows something itself.
  /// - Parameter given: the experiment that the script started from.
  func answers(given: Experiment) -> [String] {
    var answers: [String] = []
    for (index, task) in tasks.enumerated() where task.isOfScript {
      var before: Experiment =
        switch task.start {
        case .given: given
        case .task(let other): other < index ? tasks[other].steps.last?.after ?? given : given
        case .kept(let future): future.experiment
        }
      for step in task.steps {
        let after = step.after ?? before
        if step.declaration.isSilent || step.stage is CompileStage || step.stage is ModelStage {
          if let text = StageAnswer(step: step, before: before, after: after).text { answers.append(text) }
        } else if !(step.stage is DataStage) {
          answers = []
        }
        before = after
      }
    }
    return answers
  }
}
