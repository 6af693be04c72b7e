/// Layers and their weights, as a value.
public struct Network: Sendable {
  public let inputWidth: Int
  public let layers: [any Layer]
  /// Units of the last layer.
  public let outputWidth: Int
  /// In layer order, kernel before bias; without values until they are made or set.
  public private(set) var parameters: [Parameter]
  let widths: [Int]
  let specifications: [ParameterSpecification]

  /// A named weight tensor.
  public struct Parameter: Sendable, Equatable {
    /// As saved: `layers.0.kernel`. Layers count from 0, those without weights too.
    public let name: String
    public let shape: [Int]
    /// The index in ``Network/layers``.
    public let layer: Int
    /// Whether training moves it by its gradient; moving statistics it does not.
    public let isTrainable: Bool
    /// Row-major; empty until made.
    public internal(set) var values: [Float]
  }

  /// Throws if widths cannot meet or an option makes no sense.
  public init(inputWidth: Int, layers: [any Layer]) throws(EngineError) {
    guard inputWidth > 0, inputWidth < 1 << 31 else { throw .invalidInputWidth(inputWidth) }
    guard !layers.isEmpty else { throw .noLayers }
    self.inputWidth = inputWidth
    self.layers = layers
    var widths = [inputWidth]
    var parameters: [Parameter] = []
    var specifications: [ParameterSpecification] = []
    for (index, layer) in layers.enumerated() {
      guard layer is any PlannedLayer else { throw .unsupportedLayer(layer: index, kind: layer.kind) }
      let before = widths[index]
      widths.append(try layer.outputWidth(inputWidth: before))
      for specification in layer.parameters(inputWidth: before) {
        try specification.check()
        let name = "layers.\(index).\(specification.name)"
        parameters.append(
          Parameter(
            name: name, shape: specification.shape, layer: index, isTrainable: specification.isTrainable,
            values: []))
        specifications.append(specification)
      }
    }
    let weights = parameters.reduce(0.0) { $0 + $1.shape.reduce(1.0) { $0 * Double($1) } }
    try checkMemory(
      floats: weights, "a network of \(UInt64(exactly: weights).map { "\($0)" } ?? "\(weights)") weights")
    self.widths = widths
    outputWidth = widths[layers.count]
    self.parameters = parameters
    self.specifications = specifications
  }

  /// Numbers in all weight tensors together.
  public var parameterCount: Int { parameters.reduce(0) { $0 + elementCount($1.shape) } }

  /// The numbers among them that training moves by their gradients.
  public var trainableCount: Int {
    parameters.reduce(0) { $0 + ($1.isTrainable ? elementCount($1.shape) : 0) }
  }

  /// Every parameter has its values.
  public var hasWeights: Bool { parameters.allSatisfy { $0.values.count == elementCount($0.shape) } }

  /// A layer's kind, its units and the count of its weights, for summaries.
  public var layerSummaries: [(kind: String, outputWidth: Int, parameterCount: Int)] {
    layers.indices.map { index in
      let count = parameters.reduce(0) { $0 + ($1.layer == index ? elementCount($1.shape) : 0) }
      return (layers[index].kind, widths[index + 1], count)
    }
  }

  /// Makes all weights afresh; they depend on the seed, their names and shapes only.
  public mutating func initializeWeights(seed: UInt64) {
    for index in parameters.indices {
      let generator = Philox(seed: seed, purpose: "initializer", path: parameters[index].name)
      parameters[index].values = specifications[index].initializer.values(
        shape: parameters[index].shape, generator: generator)
    }
  }

  /// Sets one parameter, named and shaped as in ``parameters``.
  public mutating func setParameter(name: String, shape: [Int], values: [Float]) throws(EngineError) {
    guard let index = parameters.firstIndex(where: { $0.name == name }) else { throw .unknownParameter(name) }
    let expected = parameters[index].shape
    guard shape == expected, values.count == elementCount(expected) else {
      throw .parameterShape(name: name, expected: expected, found: shape, values: values.count)
    }
    parameters[index].values = values
  }

  mutating func setValues(_ values: [Float], ofParameter index: Int) { parameters[index].values = values }

  /// The first 16 hexadecimal digits of SHA-256 over the weights, little-endian, in layer order.
  public var digest: String {
    var hash = SHA256()
    for parameter in parameters {
      #if _endian(little)
        parameter.values.withUnsafeBytes { hash.update($0) }
      #else
        hash.update(
          parameter.values.flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
          })
      #endif
    }
    return String(SHA256.hex(hash.finish()).prefix(16))
  }
}
