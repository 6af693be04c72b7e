import NNDiagnostics
import NNEngine
import NNSyntax

/// A model block with its layers bound and its shapes checked, before its input and target are known.
public struct ModelPlan: Sendable {
  struct PlannedLayer: Sendable {
    var entry: LayerEntry
    var arguments: BoundArguments
    var span: Span?
    /// The layers of its block; of `parallel`, those of each branch.
    var blocks: [[PlannedLayer]] = []

    var isOutput: Bool { if case .output = entry.role { true } else { false } }
    var isInput: Bool { if case .input = entry.role { true } else { false } }
  }

  var layers: [PlannedLayer] = []
  /// A layer was wrong and is reported: shapes are not known.
  var isBroken = false
  /// The declared number of inputs.
  var inputWidth: Int?
  var inputSpan: Span?

  var endsInOutput: Bool { layers.last?.isOutput == true }
  /// The values that the model gives a row; nil behind `output` and where only the input would tell.
  var lastUnits: Int? { endsInOutput ? nil : layers.outputWidth(inputWidth: inputWidth) }

  /// The most layers, repeated ones counted as often as they stand there: more than any network needs, and few enough to
  /// be described in memory.
  static let mostLayers = 100_000.0

  /// The engine's network for it.
  /// - Parameters:
  ///   - inputWidth: features a row.
  ///   - output: what the `output` layer becomes.
  func network(inputWidth: Int, output: (units: Int, activation: any Activation)?) throws(EngineError)
    -> Network
  {
    let last: (any Layer)? =
      endsInOutput ? Dense(units: output?.units ?? 1, activation: output?.activation ?? Linear()) : nil
    return try Network(inputWidth: inputWidth, layers: layers.made + (last.map { [$0] } ?? []))
  }

  /// The name of an activation that is the embedding program's own.
  var ownActivation: String? { layers.lazy.compactMap(\.ownActivation).first }

  /// The engine's layer indices skip `input`, which the file format counts: block index of each engine layer.
  var blockIndices: [Int] { layers.indices.filter { !layers[$0].isInput } }
}

extension ModelPlan.PlannedLayer {
  /// The engine's layer; nil for `input` and `output`, which say something of others.
  var made: (any Layer)? {
    switch entry.role {
    case .layer(let make): make(arguments)
    case .block(let make): make(arguments, blocks.first?.made ?? [])
    case .branches(let make): make(blocks.map(\.made))
    case .input, .output: nil
    }
  }

  /// The width of its output, where that can be known.
  func outputWidth(inputWidth: Int?) -> Int? {
    switch entry.role {
    case .output: return nil
    case .input: return arguments.integer("width")
    case .layer:
      // A layer with units of its own gives the same for any input.
      guard let width = inputWidth ?? (entry.unitsOption == nil ? nil : 1), let layer = made else {
        return nil
      }
      return try? layer.outputWidth(inputWidth: width)
    case .block:
      if let inputWidth, let layer = made { return try? layer.outputWidth(inputWidth: inputWidth) }
      return blocks.first?.outputWidth(inputWidth: nil)
    case .branches:
      var sum = 0
      for branch in blocks {
        guard let width = branch.outputWidth(inputWidth: inputWidth) else { return nil }
        sum += min(width, 1 << 40)
      }
      return sum
    }
  }

  /// The name of what it does to each value last; nil where the layer does something else.
  var activation: String? {
    switch entry.name {
    case "dense": arguments.component("activation")?.name ?? "linear"
    case "activation": arguments.component("function")?.name
    default: nil
    }
  }

  /// The name of an activation in it that is the embedding program's own.
  var ownActivation: String? {
    for option in ["activation", "function"] {
      if let component = arguments.component(option), component.own != nil { return component.name }
    }
    return blocks.joined().lazy.compactMap(\.ownActivation).first
  }

  /// How many layers it stands for.
  var layerCount: Double {
    let own = blocks.reduce(0.0) { $0 + $1.layerCount }
    return 1 + own * Double(arguments.integer("count") ?? 1)
  }
}

extension [ModelPlan.PlannedLayer] {
  var made: [any Layer] { compactMap(\.made) }

  var layerCount: Double { reduce(0.0) { $0 + $1.layerCount } }

  func outputWidth(inputWidth: Int?) -> Int? {
    var width = inputWidth
    for layer in self { width = layer.outputWidth(inputWidth: width) }
    return width
  }

  /// The first `residual` whose block does not keep the width, once the network's inputs are known.
  func disagreement(inputWidth: Int) -> (problem: FlowProblem, span: Span?)? {
    var width: Int? = inputWidth
    for layer in self {
      guard let before = width else { return nil }
      for block in layer.blocks {
        if let found = block.disagreement(inputWidth: before) { return found }
      }
      if layer.entry.name == "residual", let after = layer.blocks.first?.outputWidth(inputWidth: before),
        after != before
      {
        return (.residualDisagrees(input: before, output: after), layer.span)
      }
      width = layer.outputWidth(inputWidth: before)
    }
    return nil
  }
}
