import NNData

extension SavedModel {
  /// The latest format; a reader refuses a later one. The second has a threshold for decisions, which a reader of the first would
  /// pass over and give other labels; a model without one is written in the first.
  public static let formatVersion = 2
  /// How deep the description may be nested: blocks within blocks.
  static let depthLimit = 256

  /// Writes the model, whole or not at all; the same model gives the same bytes.
  public func write(path: String) throws(ModelFileError) {
    for tensor in parameters where tensor.name.hasPrefix("optimizer.") {
      throw .badTensor(
        name: tensor.name, problem: "a parameter must not be named as the optimizer's state is")
    }
    for tensor in optimizerState where !tensor.name.hasPrefix("optimizer.") {
      throw .badTensor(name: tensor.name, problem: "the optimizer's state must be named optimizer.…")
    }
    try SafeTensorsFile(
      tensors: parameters + optimizerState,
      metadata: ["format": "nn", "version": version, "nn": json.text()]
    ).write(path: path)
  }

  /// Reads a model that ``write(path:)`` wrote.
  ///
  /// - Throws: ``ModelFileError``; ``ModelFileError/notAModel(path:)`` for a safetensors file of others.
  public init(path: String) throws(ModelFileError) {
    let file = try SafeTensorsFile(path: path)
    guard let text = file.metadata["nn"] else { throw .notAModel(path: path) }
    let json: JSONValue
    let format: Int
    do throws(JSONError) {
      json = try JSONValue(parsing: text, depthLimit: Self.depthLimit)
      format = try json.need("format", "", "a whole number", \.int)
    } catch {
      throw .model(path: path, error)
    }
    guard format <= Self.formatVersion else {
      throw .newerFormat(path: path, version: format, supported: Self.formatVersion)
    }
    do throws(JSONError) {
      try self.init(json: json, version: file.metadata["version"] ?? "")
    } catch {
      throw .model(path: path, error)
    }
    parameters = file.tensors.filter { !$0.name.hasPrefix("optimizer.") }
    optimizerState = file.tensors.filter { $0.name.hasPrefix("optimizer.") }
  }

  // MARK: The description

  /// Everything but the tensors and the version.
  var json: JSONValue {
    .object([
      "format": .integer(decision == nil ? 1 : Self.formatVersion),
      "input_width": .integer(inputWidth),
      "layers": .array(layers.map(\.json)),
      "compile": compile?.json,
      "preprocessing": preprocessor?.json,
      "reading": reading?.json,
      "seed": seed.map { .integer($0) },
      "digest": digest.map { .string($0) },
      "progress": progress.json,
      "history": .array(history.map(\.json)),
      "decision": decision?.json,
      "calibration": calibration?.json,
    ])
  }

  init(json: JSONValue, version: String) throws(JSONError) {
    let layers = try LayerRecord.list(
      try json.need("layers", "", "an array", \.array), path: "layers")
    var compile: CompileRecord?
    if let value = json["compile"], !value.isNull {
      compile = try CompileRecord(json: value, path: "compile")
    }
    var preprocessor: Preprocessor?
    if let value = json["preprocessing"], !value.isNull { preprocessor = try Preprocessor(json: value) }
    var reading: ReadOptions?
    if let value = json["reading"], !value.isNull { reading = try ReadOptions(json: value) }
    let progress = try json.need("progress", "", "an object") { $0.members == nil ? nil : $0 }
    var history: [HistoryEntry] = []
    for (index, value) in try json.need("history", "", "an array", \.array).enumerated() {
      history.append(try HistoryEntry(json: value, path: "history[\(index)]"))
    }
    self.init(
      version: version, inputWidth: try json.need("input_width", "", "a whole number", \.count),
      layers: layers,
      compile: compile, preprocessor: preprocessor, reading: reading,
      seed: try json.take("seed", "", "a whole number", \.uint64),
      digest: try json.take("digest", "", "a string", \.string),
      progress: try ProgressRecord(json: progress, path: "progress"),
      history: history,
      decision: try json["decision"].flatMap { value throws(JSONError) in
        value.isNull ? nil : try DecisionRecord(json: value, path: "decision")
      },
      calibration: try json["calibration"].flatMap { value throws(JSONError) in
        value.isNull ? nil : try CalibrationRecord(json: value, path: "calibration")
      })
  }
}
