import NNData
import NNEngine
import NNModelIO

/// The file of a ``Backup``: a safetensors file with the weights, the optimizer's memory and the callbacks' weights, and a
/// JSON text with the counters, the history and the fit's identity. It is written whole or not at all.
struct BackupFile {
  let folder: String

  private static let format = 1
  private static let name = "backup.safetensors"
  private static let previousName = "previous.safetensors"

  private var base: String { expandingTilde(folder) }
  private func path(_ name: String) -> String { base.hasSuffix("/") ? base + name : base + "/" + name }

  // MARK: Writing

  /// - Parameter keepsPrevious: what was written before stays beside it.
  func write(_ snapshot: FitSnapshot, identity: FitIdentity, keepsPrevious: Bool) throws(Found) {
    if keepsPrevious, pathExists(path(Self.name)) {
      do throws(DataError) {
        try renameFile(path(Self.name), to: path(Self.previousName))
      } catch {
        throw Found(RunProblem.writing(error))
      }
    }
    let network = snapshot.network
    var tensors = network.parameters.map { tensor("weights.", $0.name, $0.shape, $0.values) }
    for parameter in snapshot.lastWhole?.parameters ?? [] {
      tensors.append(tensor("whole.", parameter.name, parameter.shape, parameter.values))
    }
    for (name, values) in snapshot.state.slots.sorted(by: { $0.key < $1.key }) {
      tensors.append(tensor("", name, [values.count], values))
    }
    for (index, memory) in snapshot.memories.enumerated() {
      for (name, values) in memory.tensors.sorted(by: { $0.key < $1.key }) {
        tensors.append(tensor("callbacks.\(index).", name, [values.count], values))
      }
    }
    do {
      try SafeTensorsFile(
        tensors: tensors,
        metadata: ["format": "nn-backup", "version": version, "nn": description(snapshot, identity).text()]
      ).write(path: path(Self.name))
    } catch {
      throw Found(RunProblem.modelNotWritten(error))
    }
  }

  private func tensor(
    _ prefix: String, _ name: String, _ shape: [Int], _ values: [Float]
  ) -> SafeTensorsFile.Tensor {
    SafeTensorsFile.Tensor(name: prefix + name, shape: shape, values: values)
  }

  private func description(_ snapshot: FitSnapshot, _ identity: FitIdentity) -> JSONValue {
    var progress = ProgressRecord(snapshot.state)
    progress.learningRate = snapshot.state.optimizer.learningRate
    return .object([
      "format": .integer(Self.format), "identity": identity.json, "progress": progress.json,
      "steps": .integer(snapshot.steps), "seconds": .double(snapshot.seconds),
      "stopping": .bool(snapshot.isStopping),
      "history": .array(snapshot.records.map { HistoryEntry($0).json }),
      "callbacks": .array(
        snapshot.memories.map { memory in
          .object(
            memory.numbers.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .double($0.value)) })
        }),
    ])
  }

  // MARK: Reading

  /// The fit that the folder keeps.
  /// - Parameters:
  ///   - network: one like that of the fit.
  ///   - optimizer: the fit's.
  func read(network: Network, optimizer: any Optimizer) throws(Found) -> FitSnapshot {
    let (file, json) = try open()
    do {
      let progress = try ProgressRecord(
        json: try json.need("progress", "", "an object") { $0.members == nil ? nil : $0 }, path: "progress")
      var slots: [String: [Float]] = [:]
      for tensor in file.tensors where tensor.name.hasPrefix("optimizer.") {
        slots[tensor.name] = tensor.values
      }
      var records: [EpochRecord] = []
      for (index, value) in try json.need("history", "", "an array", \.array).enumerated() {
        records.append(try HistoryEntry(json: value, path: "history[\(index)]").record)
      }
      let weights = try parameters("weights.", of: network, in: file)
      let hasWhole = file.tensors.contains { $0.name.hasPrefix("whole.") }
      return FitSnapshot(
        network: weights, state: progress.state(optimizer: optimizer, slots: slots), records: records,
        lastWhole: hasWhole ? try parameters("whole.", of: network, in: file) : nil,
        steps: try json.need("steps", "", "a whole number", \.int),
        seconds: try json.need("seconds", "", "a number", \.double),
        isStopping: try json.need("stopping", "", "true or false", \.bool),
        memories: try memories(json, file))
    } catch {
      throw damaged("\(error)")
    }
  }

  /// The seed and the identity of the fit that the folder keeps; nil if it keeps none.
  func identity() throws(Found) -> (seed: UInt64, json: JSONValue)? {
    guard pathExists(path(Self.name)) || pathExists(path(Self.previousName)) else { return nil }
    let (_, json) = try open()
    guard let identity = json["identity"], let seed = identity["seed"]?.uint64 else {
      throw damaged("it does not say which fit it is of")
    }
    return (seed, identity)
  }

  /// The file that was written last, or the one before if that is not there or damaged.
  private func open() throws(Found) -> (SafeTensorsFile, JSONValue) {
    guard pathExists(path(Self.previousName)) else { return try open(Self.name) }
    do throws(Found) {
      return try open(Self.name)
    } catch {
      return try open(Self.previousName)
    }
  }

  private func open(_ name: String) throws(Found) -> (SafeTensorsFile, JSONValue) {
    do {
      let file = try SafeTensorsFile(path: path(name))
      guard file.metadata["format"] == "nn-backup", let text = file.metadata["nn"] else {
        throw damaged("it is another file")
      }
      let json = try JSONValue(parsing: text, depthLimit: 256)
      guard json["format"]?.int == Self.format else { throw damaged("another version of nn wrote it") }
      return (file, json)
    } catch let error as Found {
      throw error
    } catch let error as ModelFileError {
      throw damaged(error.description)
    } catch {
      throw damaged("\(error)")
    }
  }

  private func parameters(
    _ prefix: String, of network: Network, in file: SafeTensorsFile
  ) throws(EngineError) -> Network {
    var network = network
    for parameter in network.parameters {
      guard let tensor = file[prefix + parameter.name] else { throw .unknownParameter(parameter.name) }
      try network.setParameter(name: parameter.name, shape: tensor.shape, values: tensor.values)
    }
    return network
  }

  private func memories(_ json: JSONValue, _ file: SafeTensorsFile) throws(JSONError) -> [CallbackMemory] {
    var memories: [CallbackMemory] = []
    for (index, value) in try json.need("callbacks", "", "an array", \.array).enumerated() {
      var memory = CallbackMemory()
      for member in value.members ?? [] { memory.numbers[member.name] = member.value.double }
      let prefix = "callbacks.\(index)."
      for tensor in file.tensors where tensor.name.hasPrefix(prefix) {
        memory.tensors[String(tensor.name.dropFirst(prefix.count))] = tensor.values
      }
      memories.append(memory)
    }
    return memories
  }

  private func damaged(_ reason: String) -> Found { Found(RunProblem.backupDamaged(folder, reason)) }

  // MARK: Removing

  /// Removes the file, and the folder if nothing else is in it.
  func remove() throws(DataError) {
    // The older one first: alone it would be taken for the last.
    try removeFile(path(Self.previousName))
    try removeFile(path(Self.name))
    removeUnfinishedFiles(in: base)
    removeFolderIfEmpty(base)
  }
}
