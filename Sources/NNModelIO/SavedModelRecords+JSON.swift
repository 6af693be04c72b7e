import NNData
import NNEngine

extension JSONValue {
  /// A whole number that is not negative, and leaves room to count on.
  var count: Int? { int.flatMap { $0 >= 0 && $0 < 1 << 50 ? $0 : nil } }
}

extension CompileRecord {
  var json: JSONValue {
    .object([
      "loss": loss?.json, "optimizer": optimizer?.json, "metrics": .array(metrics.map(\.json)),
      "options": options.isEmpty ? nil : CallRecord(name: "", options: options).json["options"],
    ])
  }

  init(json: JSONValue, path: String) throws(JSONError) {
    var loss: CallRecord?
    if let value = json["loss"], !value.isNull { loss = try CallRecord(json: value, path: path + ".loss") }
    var optimizer: CallRecord?
    if let value = json["optimizer"], !value.isNull {
      optimizer = try CallRecord(json: value, path: path + ".optimizer")
    }
    var metrics: [CallRecord] = []
    for (index, value) in try json.need("metrics", path, "an array", \.array).enumerated() {
      metrics.append(try CallRecord(json: value, path: "\(path).metrics[\(index)]"))
    }
    self.init(
      loss: loss, optimizer: optimizer, metrics: metrics, options: try readOptions(json, path))
  }
}

extension HistoryEntry {
  public var json: JSONValue {
    .object([
      "epoch": .integer(epoch),
      "values": .object(values.map { JSONValue.Member($0.name, .double($0.value)) }),
      "lr": .double(learningRate),
      "seconds": .double(seconds),
      "partial": isPartial ? .bool(true) : nil,
    ])
  }

  public init(json: JSONValue, path: String) throws(JSONError) {
    var values: [Value] = []
    for member in try json.need("values", path, "an object", \.members) {
      guard let value = member.value.double else {
        throw .unexpectedValue(path: "\(path).values.\(member.name)", expected: "a number")
      }
      values.append(Value(name: member.name, value: value))
    }
    self.init(
      epoch: try json.need("epoch", path, "a whole number", \.count), values: values,
      learningRate: try json.need("lr", path, "a number", \.double),
      seconds: try json.need("seconds", path, "a number", \.double),
      isPartial: try json.take("partial", path, "true or false", \.bool) ?? false)
  }
}

extension ProgressRecord {
  /// Members that say what goes without saying are left out, so that older versions read most files.
  public var json: JSONValue {
    .object([
      "epochs": .integer(epochsDone), "steps": .integer(stepsDone), "iterations": .integer(iterations),
      "passes": passesDone == epochsDone ? nil : .integer(passesDone), "partial": openPass?.json,
      "lr": learningRate.map { .double($0) },
    ])
  }

  public init(json: JSONValue, path: String) throws(JSONError) {
    var pass: TrainingState.OpenPass?
    if let value = json["partial"], !value.isNull {
      pass = try TrainingState.OpenPass(json: value, path: path + ".partial")
    }
    self.init(
      epochsDone: try json.need("epochs", path, "a whole number", \.count),
      stepsDone: try json.need("steps", path, "a whole number", \.count),
      iterations: try json.need("iterations", path, "a whole number", \.count),
      passesDone: try json.take("passes", path, "a whole number", \.count), openPass: pass,
      learningRate: try json.take("lr", path, "a number from 0 on") { value in
        value.double.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
      })
  }
}

extension TrainingState.OpenPass {
  var json: JSONValue {
    .object([
      "step": .integer(step), "epoch_start": epochStart == 0 ? nil : .integer(epochStart),
      "rows": .integer(rows), "batch": .integer(batchSize), "seed": .integer(seed),
      "shuffle": .bool(shuffle), "steps_per_epoch": stepsPerEpoch.map { .integer($0) },
      "sums": .array(sums.map { .double($0) }),
    ])
  }

  init(json: JSONValue, path: String) throws(JSONError) {
    self.init(
      step: try json.need("step", path, "a whole number", \.count),
      epochStart: try json.take("epoch_start", path, "a whole number", \.count) ?? 0,
      rows: try json.need("rows", path, "a whole number", \.count),
      batchSize: try json.need("batch", path, "a whole number", \.count),
      seed: try json.need("seed", path, "a whole number", \.uint64),
      shuffle: try json.need("shuffle", path, "true or false", \.bool),
      stepsPerEpoch: try json.take("steps_per_epoch", path, "a whole number", \.count),
      sums: try json.need("sums", path, "an array of numbers") { value in
        guard let array = value.array else { return nil }
        let sums = array.compactMap(\.double)
        return sums.count == array.count ? sums : nil
      })
  }
}

extension DecisionRecord {
  var json: JSONValue {
    .object(["threshold": .double(Double(threshold)), "rule": rule.map { .string($0) }])
  }

  init(json: JSONValue, path: String) throws(JSONError) {
    self.init(
      threshold: try json.need("threshold", path, "a number above 0 and below 1") { value in
        value.double.flatMap { $0 > 0 && $0 < 1 && Float($0) > 0 && Float($0) < 1 ? Float($0) : nil }
      }, rule: try json.take("rule", path, "a string", \.string))
  }
}

extension CalibrationRecord {
  var json: JSONValue {
    .object([
      "method": .string(method), "scale": .double(scale), "offset": .double(offset), "rows": .integer(rows),
    ])
  }

  init(json: JSONValue, path: String) throws(JSONError) {
    self.init(
      method: try json.need("method", path, "a string", \.string),
      scale: try json.need("scale", path, "a number", \.double),
      offset: try json.need("offset", path, "a number", \.double),
      rows: try json.need("rows", path, "a whole number", \.count))
  }
}
