import NN
import NNDiagnostics
import Synchronization

/// A run as a person reads it: results on standard output, progress and notes on standard error.
final class TextEvents: Sendable {
  private let isQuiet: Bool
  private let progress: ProgressDisplay?
  private let renderer: Renderer
  private let style: TextStyle
  /// Of the runs at hand no fit has been shown.
  private let isFirstFit = Atomic(true)
  /// The columns that one line of values may take.
  private var width: Int { Output.standard.isTerminal ? max(Output.standard.width, 40) : 100 }

  /// Shows a long text by itself; false where it is to be written as any other.
  private let page: (@Sendable (String) -> Bool)?

  init(_ options: RunningOptions, page: (@Sendable (String) -> Bool)? = nil) {
    self.page = page
    isQuiet = options.quiet
    progress = options.quiet || options.noProgress ? nil : ProgressDisplay(options)
    let errors = Output.diagnostics
    renderer = Renderer(
      usesColor: options.color.isOn(for: errors), width: max(errors.width, 40), wraps: errors.isTerminal)
    style = TextStyle(isOn: options.color.isOn(for: .standard))
  }

  func observe(_ event: RunEvent) {
    if isOfManyRuns(event) {
      progress?.runsGoOn()
      return
    }
    switch event {
    case .data(let data):
      note(
        describe(data).split(separator: "\n").map { onTerminal(Output.diagnostics)(String($0)) }
          .joined(separator: "\n"))
    case .fitStarted(let fit):
      note(describe(fit))
      if fit.run == nil { progress?.begin(fit) }
    case .step(let step): progress?.step(step)
    case .epoch(let epoch): progress?.epoch(epoch)
    case .learningRate(let change):
      progress?.clear()
      note(
        "epoch \(change.epoch): learning rate \(formatMetric(change.from, trailingZeros: false)) → \(formatMetric(change.to, trailingZeros: false))"
      )
    case .checkpoint(let checkpoint):
      progress?.clear()
      note("epoch \(checkpoint.epoch): saved \(shown(checkpoint.path))")
    case .fitStopped(let stop):
      progress?.end()
      result(describe(stop))
    case .evaluated(let evaluated):
      result(
        ValueLines(evaluated.values, isColored: style.isOn).render(
          width: width, remark: "(\(counted(evaluated.rows, "row")): \(shown(evaluated.place)))",
          wraps: Output.standard.isTerminal))
    case .predicted(let path, let rows, let place):
      let target = path == "-" ? "standard output" : shown(path)
      note("predicted \(counted(rows, "row")), \(shown(place)), to \(target)")
    case .predictions(let csv):
      // Whoever reads may wait for just this.
      Output.standard.write(csv)
      Output.standard.flush()
    case .saved(let path): note("saved \(shown(path))")
    case .expectation(let text, let value, let holds):
      if holds { result("expect \(text): holds, it is \(formatMetric(value))") }
    case .warning(let diagnostic):
      progress?.clear()
      Output.standard.flush()
      Output.diagnostics.write(renderer.text(of: diagnostic) + "\n")
      Output.diagnostics.flush()
    case .output(_, let text): if page?(text) != true { result(text) }
    case .verified(let verified):
      let epochs = verified.epochs == 0 ? "" : "\(counted(verified.epochs, "epoch")), "
      result(
        "\(shown(verified.path)): every bit is the same: \(epochs)\(counted(verified.steps, "step")), weights \(verified.digest), on \(counted(verified.threads, "thread"))"
      )
      if let remark = verified.remark { note(remark) }
    case .runs(let runs):
      progress?.end()
      result(runs.leaderboard(width: width, isColored: style.isOn))
    case .runsProgress(let runs): progress?.runs(runs)
    }
  }

  /// What single runs of many do is in the leaderboard; the first fit shows what is trained.
  private func isOfManyRuns(_ event: RunEvent) -> Bool {
    switch event {
    case .fitStarted(let fit):
      return fit.run.map { $0 > 1 || !isFirstFit.exchange(false, ordering: .relaxed) } ?? false
    case .step(let step): return step.run != nil
    case .epoch(let epoch): return epoch.run != nil
    case .learningRate(let change): return change.run != nil
    case .checkpoint(let checkpoint): return checkpoint.run != nil
    case .fitStopped(let stop): return stop.run != nil
    case .evaluated(let evaluated): return evaluated.run != nil
    case .runs:
      isFirstFit.store(true, ordering: .relaxed)
      return false
    default: return false
    }
  }

  func end(_ diagnostics: [Diagnostic], status: ExitStatus) {
    progress?.end()
    Output.standard.flush()
    if !diagnostics.isEmpty { Output.diagnostics.write(renderer.text(of: diagnostics) + "\n") }
    if status.code > 128 { Output.diagnostics.write("interrupted\n") }
    Output.diagnostics.flush()
  }

  private func result(_ text: String) {
    progress?.clear()
    Output.standard.write(text + "\n")
  }

  /// A note goes to standard error, behind what was written to standard output before it.
  private func note(_ text: String) {
    guard !isQuiet else { return }
    progress?.clear()
    Output.standard.flush()
    Output.diagnostics.write(text + "\n")
    Output.diagnostics.flush()
  }

  private func describe(_ data: RunEvent.DataOpened) -> String {
    func names(_ role: String) -> [String] { data.columns.filter { $0.role == role }.map { shown($0.name) } }
    let features = names("feature")
    let targets = names("target")
    var text =
      "\(data.path == "-" ? "standard input" : shown(data.path)): \(counted(data.rows, "row")), \(counted(features.count, "feature"))"
    if !targets.isEmpty { text += " → \(targets.joined(separator: ", "))" }
    if let choice = data.choice { text += " (\(choice); `target=` names others)" }
    let ignored = names("ignored")
    if !ignored.isEmpty { text += "\n  ignored: \(ignored.joined(separator: ", "))" }
    return text
  }

  /// Breaks a line between words where a terminal would break it anywhere.
  private func onTerminal(_ output: Output) -> (String) -> String {
    { text in output.isTerminal ? wrapping(text, toWidth: max(output.width, 40), indent: 4) : text }
  }

  private func describe(_ fit: RunEvent.FitStarted) -> String {
    var parts = ["fit \(fit.fit): \(counted(fit.rows, "row"))"]
    if fit.validationRows > 0 { parts.append("\(formatCount(fit.validationRows)) to watch") }
    parts.append("\(formatCount(fit.parameters)) parameters")
    parts.append("batch \(fit.batch)")
    parts.append("loss \(fit.loss)")
    parts.append("seed \(fit.seed)" + (fit.seedIsDrawn ? " (drawn)" : ""))
    var notes = fit.notes
    if let resumed = fit.resumed {
      let step = resumed.step > 0 ? ", step \(resumed.step) of the next" : ""
      notes.append("backup \(resumed.folder): goes on after epoch \(resumed.epoch)\(step)")
    }
    let lines = [parts.joined(separator: ", ")] + notes.map { "  \(shown($0, limit: 200))" }
    return lines.map(onTerminal(Output.diagnostics)).joined(separator: "\n")
  }

  private func describe(_ stop: RunEvent.FitStopped) -> String {
    let reason =
      switch stop.reason {
      case "early_stopping": "stopped early, no longer better"
      case "budget": "the time was up, after \(counted(stop.steps, "step"))"
      case "steps": "after \(counted(stop.steps, "step"))"
      case "interrupted": "interrupted, after \(counted(stop.steps, "step"))"
      case "nan": "the loss is no longer a finite number"
      case "callback": "a callback could not go on, after \(counted(stop.steps, "step"))"
      default: "all epochs done"
      }
    var lines = ["epoch \(stop.epoch), \(formatDuration(stop.seconds)): \(reason)"]
    if !stop.kept.isEmpty {
      lines.append(ValueLines(stop.kept, indent: 2, isColored: style.isOn).render(width: width))
    }
    var best = ""
    if let epoch = stop.bestEpoch {
      if stop.restored {
        best = " of epoch \(epoch), the best, put back"
      } else if epoch != stop.epoch {
        best = " of epoch \(stop.epoch); the best was epoch \(epoch)"
      }
    }
    lines.append("  weights \(style.bold(stop.digest))" + style.dim(best))
    if let baseline = stop.baseline {
      lines.append(
        style.dim(
          onTerminal(Output.standard)(
            "  \(baseline.measure) on the \(baseline.rows) rows \(formatMetric(baseline.model)); \(baseline.predictor) gives \(formatMetric(baseline.value))"
          )))
    }
    if let ranks = stop.ranks, stop.seconds > 0 {
      let share = Int((100 * min(ranks.waited / stop.seconds, 1)).rounded())
      lines.append(style.dim("  \(ranks.count) ranks; this one waited for the others \(share) % of the time"))
    }
    return lines.joined(separator: "\n")
  }
}

/// Bold and dim, where colour is on.
struct TextStyle: Sendable {
  let isOn: Bool

  func bold(_ text: String) -> String { isOn && !text.isEmpty ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  func dim(_ text: String) -> String { isOn && !text.isEmpty ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
