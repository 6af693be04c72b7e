import NN

/// One JSON object a line for each event, on standard output; interface.md lists them.
struct JSONEvents: Sendable {
  let script: String
  private let started = ContinuousClock.now

  init(script: String) { self.script = script }

  func begin() {
    write(.object(["event": .string("start"), "script": .string(script), "version": .string(version)]))
  }

  func observe(_ event: RunEvent) {
    switch event {
    case .data(let data):
      write(
        .object([
          "event": .string("data"), "path": .string(data.path), "rows": .integer(data.rows),
          "columns": .array(
            data.columns.map {
              .object([
                "name": .string($0.name), "type": .string($0.type), "role": .string($0.role),
                "missing": .integer($0.missing),
              ])
            }),
        ]))
    case .fitStarted(let fit):
      write(
        .object([
          "event": .string("fit"), "fit": .integer(fit.fit), "run": number(fit.run),
          "seed": .integer(fit.seed),
          "epochs": .integer(fit.epochs), "batch": .integer(fit.batch), "rows": .integer(fit.rows),
          "validation_rows": .integer(fit.validationRows), "parameters": .integer(fit.parameters),
          "resumed_epoch": fit.resumed.map { .integer($0.epoch) },
        ]))
    // The next epoch carries its rate.
    case .step, .learningRate, .runsProgress: break
    case .epoch(let epoch):
      // An epoch cut short is no epoch yet; `stop` says how far the fit came.
      if epoch.record.isPartial { return }
      write(
        .object(
          [
            .init("event", .string("epoch")), .init("fit", .integer(epoch.fit)),
          ] + (epoch.run.map { [.init("run", .integer($0))] } ?? []) + [
            .init("epoch", .integer(epoch.record.epoch)), .init("epochs", .integer(epoch.epochs)),
          ] + numbers(epoch.record.values) + [
            .init("lr", .double(epoch.record.learningRate)), .init("seconds", .double(epoch.record.seconds)),
          ]))
    case .fitStopped(let stop):
      write(
        .object([
          "event": .string("stop"), "fit": .integer(stop.fit), "run": number(stop.run),
          "reason": .string(reason(stop)),
          "epoch": .integer(stop.epoch), "steps": .integer(stop.steps),
          "best_epoch": stop.bestEpoch.map { .integer($0) } ?? .null, "restored": .bool(stop.restored),
          "seconds": .double(stop.seconds), "digest": .string(stop.digest),
          "ranks": stop.ranks.map { .integer($0.count) }, "waited": stop.ranks.map { .double($0.waited) },
        ]))
    case .evaluated(let evaluated):
      write(
        .object(
          [.init("event", .string("evaluate"))] + (evaluated.fit.map { [.init("fit", .integer($0))] } ?? [])
            + (evaluated.run.map { [.init("run", .integer($0))] } ?? [])
            + numbers(evaluated.values) + [.init("rows", .integer(evaluated.rows))]))
    case .predicted(let path, let rows, _):
      write(.object(["event": .string("predict"), "path": .string(path), "rows": .integer(rows)]))
    case .predictions: break
    case .checkpoint(let checkpoint):
      write(
        .object([
          "event": .string("save"), "path": .string(checkpoint.path), "fit": .integer(checkpoint.fit),
          "run": number(checkpoint.run),
          "epoch": .integer(checkpoint.epoch),
        ]))
    case .saved(let path): write(.object(["event": .string("save"), "path": .string(path)]))
    case .expectation(let text, let value, let holds):
      write(
        .object([
          "event": .string("expect"), "text": .string(text), "value": .double(value), "ok": .bool(holds),
        ]))
    case .warning(let diagnostic): Output.standard.write(jsonLine(diagnostic))
    case .output(let stage, let text):
      write(.object(["event": .string("output"), "stage": .string(stage), "text": .string(text)]))
    case .verified(let verified):
      write(
        .object([
          "event": .string("verify"), "path": .string(verified.path), "ok": .bool(true),
          "epochs": .integer(verified.epochs), "steps": .integer(verified.steps),
          "digest": .string(verified.digest), "threads": .integer(verified.threads),
        ]))
    case .runs(let runs):
      write(.object(["event": .string("runs"), "runs": .array(runs.rows.map(\.json))]))
    }
  }

  func end(_ diagnostics: [Diagnostic], status: ExitStatus) {
    for diagnostic in diagnostics { Output.standard.write(jsonLine(diagnostic)) }
    let seconds = started.duration(to: .now)
    write(
      .object([
        "event": .string("done"), "status": .integer(Int(status.code)),
        "seconds": .double(
          Double(seconds.components.seconds) + Double(seconds.components.attoseconds) * 1e-18),
      ]))
  }

  /// In the words that interface.md lists.
  private func reason(_ stop: RunEvent.FitStopped) -> String {
    switch stop.reason {
    case "steps": "budget"
    case "callback": "interrupted"
    default: stop.reason
    }
  }

  private func number(_ value: Int?) -> JSONValue? { value.map { .integer($0) } }

  private func numbers(_ values: [(name: String, value: Double)]) -> [JSONValue.Member] {
    values.map { JSONValue.Member($0.name, .double($0.value)) }
  }

  private func write(_ value: JSONValue) { Output.standard.write(value.text() + "\n") }
}

/// An error or a warning as a line of JSON.
func jsonLine(_ diagnostic: Diagnostic) -> String {
  let place = diagnostic.location
  let value = JSONValue.object([
    "event": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code),
    "message": .string(diagnostic.message), "file": place.map { .string($0.file) } ?? .null,
    "line": place.map { .integer($0.line) } ?? .null, "column": place.map { .integer($0.column) } ?? .null,
    "end_line": place.map { .integer($0.endLine) } ?? .null,
    "end_column": place.map { .integer($0.endColumn) } ?? .null,
    "help": diagnostic.advice.map { .string($0) } ?? .null,
  ])
  return value.text() + "\n"
}
