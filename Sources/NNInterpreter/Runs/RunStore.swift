import NNData
import NNDiagnostics
import NNEngine
import NNModelIO

/// Keeps finished runs in a folder, a file each, so that the same sweep started again makes only what is missing. A run is known
/// by what decides its bits: the body with its values, the data, the rows, the seed, the version of this program.
final class RunStore: Sendable {
  private let folder: String
  private let keepsWeights: Bool
  /// Of everything in front of the stage.
  private let base: JSONValue

  init(folder: String, keepsWeights: Bool, _ start: Experiment) throws(Found) {
    self.folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    self.keepsWeights = keepsWeights
    do {
      try makeFolders(self.folder)
    } catch {
      throw Found(RunProblem.writing(error))
    }
    // What a kill left in the middle of writing.
    removeUnfinishedFiles(in: self.folder)
    base = start.identity
  }

  /// The seed that fits without one share: the one of the first time, if there was one.
  func drawnSeed(_ proposed: UInt64) throws(Found) -> UInt64 {
    let path = folder + "/seed.json"
    if let bytes = try? readFile(path: path, limit: 1 << 10),
      let json = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)),
      let seed = json["seed"]?.uint64
    {
      return seed
    }
    try write(.object(["seed": .integer(proposed)]), path)
    return proposed
  }

  private func identity(_ member: RunMember, _ start: Experiment, _ seed: UInt64?) -> JSONValue {
    .object([
      "version": .string(version), "before": base, "rows": start.data?.split?.identity,
      "seed": seed.map { .integer($0) }, "body": member.plan.identity,
    ])
  }

  private func name(_ identity: JSONValue) -> String {
    String(contentDigest(Array(identity.text().utf8)).prefix(24))
  }

  // MARK: Reading

  /// A run that was kept; nil if there is none, or what is there cannot be read.
  /// - Parameter halved: one that `halving` gave up will do.
  func known(_ member: RunMember, from start: Experiment, seed: UInt64?, halved: Bool = false) -> Runs.Run? {
    let path = folder + "/" + name(identity(member, start, seed)) + ".json"
    guard let bytes = try? readFile(path: path, limit: 1 << 30),
      let json = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)),
      let run = Runs.Run(kept: json)
    else { return nil }
    return run.status == .halved && !halved ? nil : run
  }

  // MARK: Writing

  func keep(
    _ run: Runs.Run, _ experiment: Experiment, _ member: RunMember, from start: Experiment, seed: UInt64?
  ) throws {
    let name = name(identity(member, start, seed))
    if keepsWeights, experiment.model?.trained != nil {
      try saveModel(experiment, to: "\(folder)/\(name).safetensors", withOptimizer: true)
    }
    // Last, so that a run that is there is there as a whole.
    try write(run.kept, "\(folder)/\(name).json")
  }

  private func write(_ value: JSONValue, _ path: String) throws(Found) {
    do {
      let file = try AtomicFile(path: path)
      try file.write(Array((value.text() + "\n").utf8))
      try file.commit()
    } catch {
      throw Found(RunProblem.writing(error))
    }
  }
}

// MARK: What tells runs apart

extension Experiment {
  /// Everything in it that a fit's bits depend on.
  fileprivate var identity: JSONValue {
    .object([
      "data": data.map { $0.identity }, "steps": .array(steps.map { .string("\($0.step)") }),
      "layers": model.map { .array($0.plan.layers.map(\.record.json)) },
      "compile": model?.compile.map { $0.identity }, "weights": model?.trained.map { .string($0.digest) },
      "epochs": model?.trained.map { .integer($0.state.epochsDone) },
    ])
  }
}

extension CompileOptions {
  fileprivate var identity: JSONValue {
    .array([
      loss?.record.json ?? .null, optimizer.record.json,
      .array(metrics.map { .array([.bool($0.isWeighted), $0.component.record.json]) }),
    ])
  }
}

extension DataSlot {
  fileprivate var identity: JSONValue {
    .object([
      "columns": table.map { .string($0.contentPrint) },
      "stream": stream.map { .string("\(StoredRows($0.table, of: $0.split).fingerprint) \($0.memory)") },
      "targets": roles.targets.map { .strings($0) },
      "features": roles.features.map { .strings($0) }, "ignored": .strings(roles.ignored),
      "weight": roles.weight.map { .string($0) },
    ])
  }
}

extension SplitRows {
  fileprivate var identity: JSONValue {
    .strings(
      [training, validation, test].map { rows in
        var hash = ContentPrint()
        for row in rows { hash.add(UInt64(row)) }
        return "\(rows.count) \(hash.text)"
      })
  }
}

extension Table {
  /// A fingerprint of the columns' names, kinds and cells.
  fileprivate var contentPrint: String {
    var hash = ContentPrint()
    for column in columns {
      hash.add(column.name)
      switch column.values {
      case .numeric(let numbers):
        numbers.withUnsafeBufferPointer { buffer in
          for number in buffer { hash.add(UInt64(number.bitPattern)) }
        }
      case .categorical(let codes, let categories):
        for category in categories { hash.add(category) }
        for code in codes { hash.add(UInt64(bitPattern: Int64(code))) }
      }
    }
    return "\(rowCount) \(hash.text)"
  }
}

extension Plan {
  /// What the tasks do, with every value worked out.
  fileprivate var identity: JSONValue {
    .array(
      tasks.map { task in
        let start: JSONValue =
          switch task.start {
          case .given: .string("given")
          case .task(let index): .integer(index)
          case .kept(let future): future.experiment.identity
          }
        return .array([start] + task.steps.map(\.identity))
      })
  }
}

extension Plan.Step {
  fileprivate var identity: JSONValue {
    var members: [JSONValue.Member] = bound.arguments.records.sorted { $0.key < $1.key }.map {
      .init($0.key, $0.value.json)
    }
    // What does not change a bit of what comes out.
    members.removeAll { ["save", "weights"].contains($0.name) && bound.members != nil }
    var parts: [JSONValue] = [.string(declaration.name), .object(members)]
    if let plan = bound.plan { parts.append(.array(plan.layers.map(\.record.json))) }
    if let condition = bound.condition {
      parts.append(
        .strings([condition.subject, condition.comparison.rawValue, condition.value.constant.scriptText]))
    }
    for member in bound.members?.members ?? [] { parts.append(member.plan.identity) }
    // A file's content is what it is at the time.
    for path in stage.files.reads {
      let bytes = try? readFile(path: expandingTilde(path), limit: 1 << 34)
      parts.append(.strings([path, bytes.map(contentDigest) ?? ""]))
    }
    return .array(parts)
  }
}

// MARK: Files

extension Runs.Run {
  /// All of a row that a leaderboard, `compare` and `halving` need.
  var kept: JSONValue {
    .object([
      "settings": .object(settings.map { .init($0.name, $0.json) }),
      "metrics": .array(metrics.map { .array([.string($0.name), .double($0.value)]) }),
      "seed": seed.map { .integer($0) }, "digest": digest.map { .string($0) },
      "status": .string(status.rawValue), "seconds": .double(seconds), "script": .string(script),
      "training_rows": trainingRows.map { .integer($0) }, "held_out_rows": heldOutRows.map { .integer($0) },
      "kept_epoch": history?.keptEpoch.map { .integer($0) },
      "epochs": history.map { history in
        .array(
          history.map { record in
            .object([
              "epoch": .integer(record.epoch),
              "values": .array(record.values.map { .array([.string($0.name), .double($0.value)]) }),
              "lr": .double(record.learningRate), "seconds": .double(record.seconds),
              "partial": record.isPartial ? .bool(true) : nil,
            ])
          })
      },
    ])
  }

  /// - Returns: nil for what is no such row.
  init?(kept json: JSONValue) {
    func values(_ json: JSONValue?) -> [(name: String, value: Double)]? {
      guard let entries = json?.array else { return nil }
      var values: [(name: String, value: Double)] = []
      for entry in entries {
        guard let pair = entry.array, pair.count == 2, let name = pair[0].string, let value = pair[1].double
        else { return nil }
        values.append((name, value))
      }
      return values
    }
    guard let metrics = values(json["metrics"]), let status = json["status"]?.string,
      let status = Runs.Status(rawValue: status), let script = json["script"]?.string
    else { return nil }
    self.init(
      number: 0, settings: [], metrics: metrics, seed: json["seed"]?.uint64, digest: json["digest"]?.string,
      status: status, script: script, seconds: json["seconds"]?.double ?? 0)
    trainingRows = json["training_rows"]?.int
    heldOutRows = json["held_out_rows"]?.int
    guard let epochs = json["epochs"]?.array else { return }
    var history = History()
    for epoch in epochs {
      guard let number = epoch["epoch"]?.int, let values = values(epoch["values"]),
        let rate = epoch["lr"]?.double
      else { return nil }
      history.append(
        EpochRecord(
          epoch: number, values: values, learningRate: rate, seconds: epoch["seconds"]?.double ?? 0,
          isPartial: epoch["partial"]?.bool ?? false))
    }
    history.keptEpoch = json["kept_epoch"]?.int
    self.history = history
  }
}
