import NNData

extension Runs.Run {
  /// `{"run":1,"settings":{…},"metrics":{…},"seed":…,"digest":…,"status":…}`, as interface.md has it, and the line that makes
  /// it again.
  public var json: JSONValue {
    .object([
      "run": .integer(number), "settings": .object(settings.map { .init($0.name, $0.json) }),
      "metrics": .object(metrics.map { .init($0.name, .double($0.value)) }),
      "seed": seed.map { .integer($0) },
      "digest": digest.map { .string($0) }, "status": .string(status.rawValue), "seconds": .double(seconds),
      "script": .string(script),
    ])
  }
}

extension Runs.Setting {
  /// A number where it is one, else a text.
  var json: JSONValue { number.map { .double($0) } ?? .string(text) }
}
