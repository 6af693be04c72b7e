import NNData
import NNDiagnostics
import NNEngine

/// What runs leave: a row each, or a failure that is the script's.
extension ManyRuns {
  /// Takes a run that was kept.
  func adopt(_ index: Int, _ known: Runs.Run) {
    var row = known
    row.settings = members.members[index].settings
    row.recipe = recipe(index)
    end(index, row, nil, wasThere: true)
  }

  /// Takes down what a run has left.
  /// - Parameter keeps: this rank is the one that writes it down.
  func finish(
    _ index: Int, _ experiment: Experiment, _ failure: Diagnostic?, _ seconds: Double, start: Experiment,
    status: Runs.Status? = nil, keeps: Bool = true
  ) {
    let member = members.members[index]
    if let failure, failure.code != "E1003" { return fail(index, failure) }
    if member.isNested {
      state.withLock {
        $0.endings[index] = Ending(
          rows: experiment.runs?.rows ?? [], inner: experiment.runs)
      }
      return
    }
    if context.stop.isRequested, experiment.model?.trained == nil { return }
    let row = self.row(index, experiment, isDiverged: failure != nil, seconds, status: status)
    if let store, keeps, row.status != .interrupted {
      do {
        try store.keep(row, experiment, member, from: start, seed: seed(of: member))
      } catch {
        let found = error as? Found
        let span = stage.bound.arguments.span("save") ?? stage.bound.nameSpan
        return fail(
          index,
          (found ?? Found(RunsProblem.nothingDone)).problem.diagnostic(in: context.sources, at: span))
      }
    }
    end(index, row, experiment, wasThere: false)
  }

  /// What a run that has ended shows of itself.
  func row(
    _ index: Int, _ experiment: Experiment, isDiverged: Bool, _ seconds: Double, status: Runs.Status? = nil
  ) -> Runs.Run {
    let member = members.members[index]
    var row = Runs.Run(
      number: 0, settings: member.settings,
      metrics: experiment.metrics.compactMap { name, value in value.map { (name, $0) } },
      seed: experiment.model?.trained?.seed, digest: experiment.digest,
      status: status ?? (isDiverged ? .diverged : context.stop.isRequested ? .interrupted : .done),
      history: experiment.history, script: line(member, experiment), seconds: seconds)
    if let data = experiment.data, data.isSplit {
      let counts = data.counts
      row.trainingRows = counts.training
      row.heldOutRows = counts.validation
    }
    row.recipe = recipe(index)
    return row
  }

  private func end(_ index: Int, _ row: Runs.Run, _ experiment: Experiment?, wasThere: Bool) {
    var row = row
    state.withLock { state in
      if let experiment {
        let bytes = (experiment.model?.trained?.byteCount ?? 0) + ManyRuns.leastBytes
        if state.bytes + bytes <= context.options.keptRunBytes {
          state.bytes += bytes
          row.experiment = experiment
        }
      }
      state.endings[index] = Ending(
        rows: [row], inner: nil, measures: experiment.map { Runs.Measures($0) })
    }
    guard context.run?.isCounted ?? true else { return }
    var runs = Runs(
      rows: [], settingNames: [], repetitions: [], metricNames: [], directions: [:], stages: [])
    runs.learn(from: Runs.Measures(experiment ?? members.members[index].end))
    let metric = runs.mainMetric
    board.ended(
      row, metric: metric, isLess: metric.flatMap { runs.directions[$0] } != .maximize, wasThere: wasThere)
  }

  /// Something that is not for the leaderboard went wrong: it is the script's.
  private func fail(_ index: Int, _ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    let settings = members.members[index].settingsText
    if members.members.count > 1, !settings.isEmpty {
      let span = stage.bound.nameSpan
      diagnostic.notes.append(
        Diagnostic.Note("in the run with \(settings)", source: context.sources.file(span), span: span))
    }
    state.withLock { state in
      guard index < state.failure?.member ?? .max else { return }
      state.failure = (index, diagnostic)
      events?.mute(index + 1..<members.members.count)
      for (other, signal) in state.signals where other > index { signal.request() }
    }
  }

  /// The line that makes it again; with the seed that was drawn, if one was.
  private func line(_ member: RunMember, _ experiment: Experiment) -> String {
    let line = member.script.head + member.script.tail
    let isDrawn =
      seed(of: member) == nil
      && experiment.model?.trained?.seed == place(of: member, isFirst: false, rung: nil).drawnSeed
    return isDrawn ? "seeds 1 seed=\(members.drawnSeed) { \(line) }" : line
  }

  private func recipe(_ index: Int) -> RunRecipe? {
    guard let remaker else { return nil }
    return RunRecipe { context in
      let (experiment, failure, _) = remaker.execute(
        index, from: remaker.experiment(of: remaker.members.members[index]),
        threads: context.options.threads ?? machineThreads, context.stop, observer: nil)
      if let failure { throw FailedRun(diagnostic: failure) }
      return experiment
    }
  }
}

extension TrainedModel {
  /// Of weights and the optimizer's memory.
  var byteCount: Int {
    4 * (network.parameterCount + state.slots.values.reduce(0) { $0 + $1.count })
  }
}
