import NNData
import NNEngine
import NNModelIO

/// What makes a fit that one: two fits of one identity take the same steps. The number of epochs, and what else only ends a
/// fit, is no part of it.
struct FitIdentity: Sendable, Equatable {
  private(set) var members: [(name: String, value: JSONValue)] = []

  static func == (one: FitIdentity, other: FitIdentity) -> Bool { one.json == other.json }

  init(
    model: ModelSlot, target: TargetPlan, network: Network, state: TrainingState, options: FitOptions,
    arguments: BoundArguments, training: any RowSource, validation: (any RowSource)?
  ) {
    let compile = model.compile ?? CompileOptions()
    add(
      "layers",
      .array(model.plan.layers.map { LayerRecord(name: $0.entry.name, options: $0.arguments.records).json }))
    add("weights before", .string(network.digest))
    add("loss", target.loss.record.json)
    add("opt", compile.optimizer.record.json)
    add("lr", .double(state.optimizer.learningRate))
    add(
      "metrics",
      .array(compile.metrics.map { .array([.bool($0.isWeighted), $0.component.record.json]) }))
    add("epochs before", .integer(state.epochsDone))
    add("steps before", .integer(state.stepsDone))
    add("seed", .integer(options.seed))
    add("batch", .integer(options.batchSize))
    for name in ["shuffle", "validation_freq", "steps_per_epoch", "shards", "patience", "seal"] {
      if let value = arguments.record(name) { add(name, value.json) }
    }
    add("callbacks", arguments.record("callbacks")?.json ?? .array([]))
    add("training rows", Self.print(of: training))
    add("validation rows", validation.map(Self.print) ?? .null)
  }

  private mutating func add(_ name: String, _ value: JSONValue) { members.append((name, value)) }

  var json: JSONValue { .object(members.map { JSONValue.Member($0.name, $0.value) }) }

  /// The names of what is otherwise in an identity that was written down.
  func differences(from other: JSONValue) -> [String] {
    members.filter { other[$0.name] != $0.value }.map(\.name)
  }

  /// The number of rows, and a fingerprint of what they hold (of the floats' bits).
  static func print(of rows: any RowSource) -> JSONValue {
    if let streamed = rows as? StreamedRows { return .string("\(streamed.rowCount) \(streamed.fingerprint)") }
    guard let data = rows as? Dataset else { return .null }
    var print = ContentPrint()
    for values in [data.features.values, data.targets.values, data.weights ?? []] {
      values.withUnsafeBufferPointer { buffer in
        for value in buffer { print.add(UInt64(value.bitPattern)) }
      }
      print.add(UInt64(values.count))
    }
    return .string("\(data.features.rows) \(print.text)")
  }
}
