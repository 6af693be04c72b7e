import NN
import Synchronization

/// How a fit is getting on: a bar on a terminal, redrawn at most ten times a second, else a line at most every five seconds.
final class ProgressDisplay: Sendable {
  fileprivate struct State {
    var fit: RunEvent.FitStarted?
    var started = ContinuousClock.now
    var shown = ContinuousClock.now
    var isDrawn = false
    /// Lines that are drawn above the cursor's.
    var linesAbove = 0
    /// How far many runs have come, and whether that is still to be shown.
    var runs: RunsProgress?
    var isPending = false
    var values: [(name: String, value: Double)] = []
    /// What the epochs took by themselves: those of a flow that was not heard at once come all together.
    var seconds = 0.0
    /// Epochs done in this fit, with the part of the current one.
    var done = 0.0
    var epoch = 0
    /// The losses of the epochs, thinned where they are very many.
    var trend: [Double] = []
    var trendStride = 1
  }

  private let state = Mutex(State())
  private let isTerminal: Bool
  private let isColored: Bool

  init(_ options: RunningOptions) {
    isTerminal = Output.diagnostics.isTerminal && !isDumbTerminal
    isColored = options.color.isOn(for: .diagnostics)
  }

  func begin(_ fit: RunEvent.FitStarted) {
    state.withLock {
      $0 = State()
      $0.fit = fit
    }
  }

  func step(_ step: RunEvent.StepProgress) {
    state.withLock { state in
      guard let fit = state.fit else { return }
      state.epoch = step.epoch
      state.done =
        Double(step.epoch - fit.firstEpoch) + Double(step.step) / Double(max(step.stepsPerEpoch, 1))
      if state.values.isEmpty { state.values = [("loss", step.loss)] }
      show(&state)
    }
  }

  func epoch(_ epoch: RunEvent.EpochEnded) {
    state.withLock { state in
      guard let fit = state.fit else { return }
      state.epoch = epoch.record.epoch
      state.done = Double(epoch.record.epoch - fit.firstEpoch + 1)
      state.values = epoch.record.values
      state.seconds += epoch.record.seconds
      state.keep(
        epoch.record["val_loss"] ?? epoch.record["loss"] ?? .nan, of: epoch.record.epoch - fit.firstEpoch)
      show(&state)
    }
  }

  /// Takes the bar away; a result follows.
  func end() {
    clear()
    state.withLock { state in
      state.fit = nil
      state.runs = nil
    }
  }

  /// Takes the bar away for something else to be written.
  func clear() {
    state.withLock { state in
      guard state.isDrawn else { return }
      Output.diagnostics.write(erasing(state))
      state.isDrawn = false
      state.linesAbove = 0
      state.isPending = true
    }
  }

  /// How far many runs have come: a bar, and below it on a terminal the best of them.
  func runs(_ runs: RunsProgress) {
    state.withLock { state in
      // Runs that end at the same time may be told of in any order.
      if runs.done > 0, let known = state.runs, known.done > runs.done { return }
      state.runs = runs
      state.isPending = true
      showRuns(&state)
    }
  }

  /// Something has gone on in one of them: what could not be shown when it came is shown when its time has come.
  func runsGoOn() { state.withLock { showRuns(&$0) } }

  private func showRuns(_ state: inout State) {
    let now = ContinuousClock.now
    guard state.isPending, let runs = state.runs,
      now - state.shown >= (isTerminal ? .milliseconds(100) : .seconds(5))
    else { return }
    state.isPending = false
    state.shown = now
    var values: [(name: String, value: Double)] = []
    if let metric = runs.metric, let best = runs.best.first { values = [("best \(metric)", best.value)] }
    let bar = ProgressLine(
      label: "runs", epoch: runs.done, epochs: runs.total, values: values, secondsLeft: runs.secondsLeft,
      isColored: isTerminal && isColored)
    let width = max(Output.diagnostics.width - 1, 20)
    guard isTerminal else {
      Output.diagnostics.write(bar.render(width: 100) + "\n")
      Output.diagnostics.flush()
      return
    }
    var lines = [bar.render(width: width)]
    for best in runs.best {
      let settings = best.settings.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
      lines.append(
        "  \(formatMetric(best.value))  \(truncating(escapingControls(settings), toWidth: max(width - 12, 8)))"
      )
    }
    var text = erasing(state)
    text += lines.joined(separator: "\u{1B}[K\n") + "\u{1B}[K"
    Output.diagnostics.write(text)
    state.isDrawn = true
    state.linesAbove = lines.count - 1
  }

  /// Goes back to where the drawing began, with nothing left of it.
  private func erasing(_ state: State) -> String {
    guard state.isDrawn else { return "" }
    return "\r" + String(repeating: "\u{1B}[A", count: state.linesAbove) + "\u{1B}[J"
  }

  private func show(_ state: inout State) {
    let now = ContinuousClock.now
    guard now - state.shown >= (isTerminal ? .milliseconds(100) : .seconds(5)), let fit = state.fit else {
      return
    }
    state.shown = now
    let elapsed = now - state.started
    let seconds = max(
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18, state.seconds)
    let rate = seconds > 0 ? state.done / seconds : nil
    let total = Double(fit.epochs - fit.firstEpoch + 1)
    let line = ProgressLine(
      epoch: state.epoch, epochs: fit.epochs, epochShare: state.done - state.done.rounded(.down),
      values: state.values, epochsPerSecond: rate,
      secondsLeft: rate.flatMap { $0 > 0 ? max(0, total - state.done) / $0 : nil },
      isColored: isTerminal && isColored, trend: isTerminal ? state.trend : [])
    if isTerminal {
      // A `^C` that the terminal echoes behind it must not begin a row of its own.
      Output.diagnostics.write("\r" + line.render(width: max(Output.diagnostics.width - 3, 20)) + "\u{1B}[K")
      state.isDrawn = true
    } else {
      Output.diagnostics.write(line.render(width: 100) + "\n")
      Output.diagnostics.flush()
    }
  }
}

extension ProgressDisplay.State {
  /// Keeps an epoch's loss, or every second, fourth … one where there are many.
  fileprivate mutating func keep(_ loss: Double, of epoch: Int) {
    guard epoch % trendStride == 0 else { return }
    trend.append(loss)
    guard trend.count >= 256 else { return }
    trend = stride(from: 0, to: trend.count, by: 2).map { trend[$0] }
    trendStride *= 2
  }
}
