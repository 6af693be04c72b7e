import NNDiagnostics
import NNModelIO
import NNSyntax

// Bound options as a model file's records, and back to what a script could have written.

extension Component {
  var record: CallRecord { CallRecord(name: name, options: arguments.records) }
}

extension ModelPlan.PlannedLayer {
  var record: LayerRecord {
    var record = LayerRecord(name: entry.name, options: arguments.records)
    switch entry.role {
    case .block: record.layers = blocks.first?.map(\.record) ?? []
    case .branches: record.branches = blocks.map { $0.map(\.record) }
    case .layer, .input, .output: break
    }
    return record
  }
}

extension BoundArguments {
  /// Every option with its value, defaults included, so that a later change of a default does not change a saved model.
  var records: [String: OptionValue] {
    var records: [String: OptionValue] = [:]
    for name in names { records[name] = value(name)?.record }
    return records
  }

  /// One option's value; nil if it has none.
  func record(_ name: String) -> OptionValue? { value(name)?.record }
}

extension BoundValue {
  fileprivate var record: OptionValue {
    switch self {
    case .none: .none
    case .boolean(let value): .bool(value)
    case .integer(let value): .number(Double(value))
    case .number(let value), .duration(let value): .number(value)
    case .text(let value): .string(value)
    case .component(let component): .call(component.record)
    case .list(let entries): .list(entries.map(\.value.record))
    }
  }
}

extension EvaluatedArgument {
  init(name: String, record: OptionValue) {
    let nowhere = Span(0, 0)
    self.init(
      name: Name(name, span: nowhere), value: Evaluated(constant: Constant(record), span: nowhere),
      bareWord: nil,
      span: nowhere)
  }
}

extension Constant {
  fileprivate init(_ record: OptionValue) {
    let nowhere = Span(0, 0)
    switch record {
    case .none: self = .word("none")
    case .bool(let value): self = .word(value ? "true" : "false")
    case .number(let value): self = .number(value)
    case .string(let text): self = .string(text)
    case .list(let entries): self = .list(entries.map { Evaluated(constant: Constant($0), span: nowhere) })
    case .call(let call):
      self = .call(
        Name(call.name, span: nowhere),
        call.options.sorted { $0.key < $1.key }.map { EvaluatedArgument(name: $0.key, record: $0.value) },
        isBroken: false)
    }
  }
}
