import NNData
import NNEngine
import NNReport

/// Where a flow stands, in a few words, for a prompt: which table, which network.
public struct FlowState: Sendable, Hashable {
  /// The table's name, without folder and ending; nil without data.
  public var table: String?
  public var rows: Int?
  public var columns: Int?
  /// The widths of the network's layers, `12-3`; `?` where one is not known before the first fit. Nil without a model.
  public var network: String?
  public var isTrained = false

  public init() {}

  /// `iris[150×5] → 12-3`; empty where there is nothing yet.
  public var text: String { [tableText, network].compactMap { $0 }.joined(separator: " → ") }

  /// `iris[150×5]`
  public var tableText: String? {
    guard let table else { return nil }
    guard let rows, let columns else { return table }
    return "\(table)[\(rows)×\(columns)]"
  }
}

extension Interpreter {
  /// Where the session's flow stands.
  public var state: FlowState { FlowState(experiment) }
}

extension FlowState {
  init(_ experiment: Experiment) {
    if let data = experiment.data {
      table = Self.name(of: data.path)
      rows = data.table?.rowCount
      columns = data.table?.columns.count
    }
    if let model = experiment.model {
      network = Self.widths(model, experiment)
      if case .ready = model.training { isTrained = true }
    }
  }

  /// `data/iris.csv.gz` is `iris`.
  private static func name(of path: String) -> String {
    if path == "-" { return "stdin" }
    var name =
      path.hasPrefix(TableStore.memoryPrefix) ? path.dropFirst(TableStore.memoryPrefix.count) : path[...]
    if let slash = name.lastIndex(of: "/") { name = name[name.index(after: slash)...] }
    for ending in [".gz", ".csv", ".tsv"] where name.hasSuffix(ending) && name.count > ending.count {
      name = name.dropLast(ending.count)
    }
    return escapingControls(String(name))
  }

  /// More layers than this are cut in their midst.
  private static let mostLayers = 5

  private static func widths(_ model: ModelSlot, _ experiment: Experiment) -> String {
    var parts: [String] = []
    if let network = model.trained?.network, model.plan.layers.isEmpty {
      // Opened from a file.
      var last: Int?
      for layer in network.layerSummaries where layer.parameterCount > 0 || layer.outputWidth != last {
        if layer.outputWidth != last || layer.kind == "dense" { parts.append("\(layer.outputWidth)") }
        last = layer.outputWidth
      }
    } else {
      var flowing = model.trained?.network.inputWidth ?? model.plan.inputWidth
      for layer in model.plan.layers where !layer.isInput {
        let before = flowing
        flowing = layer.isOutput ? outputUnits(model, experiment) : layer.outputWidth(inputWidth: flowing)
        if layer.isOutput || layer.entry.unitsOption != nil || flowing != before {
          parts.append(flowing.map { "\($0)" } ?? "?")
        }
      }
    }
    if parts.count > mostLayers { parts.replaceSubrange(2..<parts.count - 1, with: ["…"]) }
    return parts.isEmpty ? "model" : parts.joined(separator: "-")
  }

  /// What `output` becomes, as far as the data at hand tells.
  private static func outputUnits(_ model: ModelSlot, _ experiment: Experiment) -> Int? {
    if let trained = model.trained { return trained.network.outputWidth }
    guard let data = experiment.data, let table = data.table else { return nil }
    let resolver = TargetResolver(
      table: table, declared: data.roles, plan: model.plan, compile: model.compile)
    return (try? resolver.resolve())?.output?.units
  }
}
