import NNData

/// A dense network out of an ONNX file.
///
/// Of a file that nn wrote everything is there again. Of others the graph is followed: products, sums, activations however they are
/// spelt, normalizations, residual and parallel branches; and in front of them scaling and filling of columns.
public enum ImportedModel: Sendable {
  /// As nn saved it.
  case own(SavedModel)
  case foreign(ForeignNetwork)

  /// - Throws: ``ONNXImportError``; ``ONNXImportError/notDense(path:node:reason:)`` names the first node that has no place.
  public init(path: String) throws(ONNXImportError) {
    let file = try ONNXFile(path: path)
    do {
      try self.init(file)
    } catch {
      throw error.error(path: path)
    }
  }

  /// The same of bytes in memory, without files beside them.
  public init(bytes: [UInt8], name: String) throws(ONNXImportError) {
    do {
      try self.init(try ONNXFile(bytes: bytes, folder: ""))
    } catch {
      throw error.error(path: name)
    }
  }

  private init(_ file: ONNXFile) throws(ONNXRefusal) {
    if let own = try Self.own(file) {
      self = .own(own)
    } else {
      self = .foreign(try ForeignNetwork(file))
    }
  }

  /// What nn left in the file, with the graph's weights; nil if nn did not write it, or somebody has changed it beyond that.
  private static func own(_ file: ONNXFile) throws(ONNXRefusal) -> SavedModel? {
    guard file.model.producerName == "nn",
      let text = file.model.metadataProps.first(where: { $0.key == "nn" })?.value,
      let json = try? JSONValue(parsing: text, depthLimit: SavedModel.depthLimit),
      let format = json["format"]?.int, format <= SavedModel.formatVersion,
      var saved = try? SavedModel(json: json, version: file.model.producerVersion)
    else { return nil }
    for tensor in file.model.graph.initializer where tensor.name.hasPrefix("layers.") {
      let constant = try ONNXConstant(tensor, folder: file.folder)
      saved.parameters.append(
        SafeTensorsFile.Tensor(name: tensor.name, shape: constant.shape, values: constant.numbers))
    }
    return saved
  }
}

/// What a foreign graph says of its network, and what it does not: names of columns and of classes, as a rule.
public struct ForeignNetwork: Sendable {
  public struct Column: Sendable {
    /// Nil where the graph has one input for all.
    public var name: String?
    public var fill: Float?
    public var scaling: Scaling?
  }

  public var columns: [Column]
  public var layers: [LayerRecord]
  public var parameters: [SafeTensorsFile.Tensor]
  /// Units of the last layer.
  public var outputWidth: Int
  /// The one output is the second class's probability.
  public var isPair: Bool
  public var classes: [String]?
  /// The name of the output.
  public var outputName: String

  init(_ file: ONNXFile) throws(ONNXRefusal) {
    var reader = ONNXGraphReader(file)
    let result = try reader.read()
    var start = result.input
    var columns = result.columns.map { column in
      Column(
        name: column.name, fill: column.fill,
        scaling: column.scale == 1 && column.offset == 0
          ? nil : Scaling(kind: .standard, offset: column.offset, scale: 1 / column.scale))
    }
    // Scaling in front of everything else is preparation.
    let firsts = Self.used(reader.builder.nodes, by: result.output).filter { node in
      node.inputs.contains { $0 === result.input }
    }
    if firsts.count == 1, let first = firsts.first, first !== result.output,
      case .affine(let scale, let shift) = first.operation, scale.allSatisfy({ $0 > 0 && $0.isFinite }),
      columns.allSatisfy({ $0.scaling == nil })
    {
      start = first
      for index in columns.indices {
        let factor = Double(scale[index])
        columns[index].scaling = Scaling(
          kind: .standard, offset: -Double(shift[index]) / factor, scale: 1 / factor)
      }
    }
    var network = NetLayers()
    layers = try network.layers(from: start, to: result.output)
    parameters = network.tensors
    guard !layers.isEmpty else { throw ONNXRefusal("it has no layers") }
    self.columns = columns
    outputWidth = result.output.width
    isPair = result.isPair
    classes = result.classes
    outputName = result.name
  }

  /// The steps that an end needs.
  private static func used(_ nodes: [NetNode], by end: NetNode) -> [NetNode] {
    var isUsed = [Bool](repeating: false, count: nodes.count)
    guard end.age < nodes.count else { return [] }
    isUsed[end.age] = true
    // What goes in is older.
    for node in nodes.reversed() where isUsed[node.age] {
      for input in node.inputs { isUsed[input.age] = true }
    }
    return nodes.filter { isUsed[$0.age] }
  }

  /// The activation that ends it, in the catalog's name; nil if none does.
  public var lastActivation: String? {
    guard let last = layers.last,
      case .call(let call)? = last.options[last.name == "dense" ? "activation" : "function"]
    else { return nil }
    return call.name
  }
}
