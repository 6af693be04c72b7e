import NNEngine

extension ONNXExport {
  /// - Parameters:
  ///   - path: `layers`, below which each layer's weights stand under its number.
  ///   - input: the value [rows × units] that goes in.
  /// - Returns: what comes out.
  mutating func layers(
    _ layers: [any Layer], path: String, input: String
  ) throws(ExportError) -> String {
    var value = input
    for (index, layer) in layers.enumerated() {
      value = try self.layer(layer, path: "\(path).\(index)", input: value)
    }
    return value
  }

  private mutating func layer(
    _ layer: any Layer, path: String, input: String
  ) throws(ExportError) -> String {
    switch layer {
    case let layer as Dense:
      var inputs = [input, weight(path, "kernel")]
      if layer.useBias { inputs.append(weight(path, "bias")) }
      let product = builder.node("Gemm", inputs)
      return try activation(layer.activation, product, width: layer.units)
    case let layer as ActivationLayer:
      return try activation(layer.activation, input, width: nil)
    case is Dropout, is AlphaDropout, is GaussianDropout, is GaussianNoise:
      return input
    case is PReLU:
      return builder.node("PRelu", [input, weight(path, "alpha")])
    case let layer as BatchNormalization:
      let width = weights[path, "moving_mean"]?.shape.first ?? 0
      return builder.node(
        "BatchNormalization",
        [
          input, weight(path, "gamma", or: 1, width: width), weight(path, "beta", or: 0, width: width),
          weight(path, "moving_mean"), weight(path, "moving_variance"),
        ], [.init("epsilon", float: layer.epsilon)])
    case let layer as LayerNormalization:
      return layerNormalization(layer, path: path, input: input)
    case let layer as RMSNormalization:
      let mean = builder.node(
        "ReduceMean", [builder.node("Mul", [input, input])],
        [.init("axes", ints: [-1]), .init("keepdims", int: 1)])
      let root = builder.node("Sqrt", [builder.node("Add", [mean, builder.float(layer.epsilon)])])
      return builder.node("Mul", [builder.node("Div", [input, root]), weight(path, "gamma")])
    case is UnitNormalization:
      // A row of zeros stays as it is.
      let length = builder.node("ReduceL2", [input], [.init("axes", ints: [-1]), .init("keepdims", int: 1)])
      let inverse = builder.node(
        "Min", [builder.node("Div", [builder.float(1), length]), builder.float(1e12)])
      let isLong = builder.node("Greater", [length, builder.float(0)])
      return builder.node("Mul", [input, builder.node("Where", [isLong, inverse, builder.float(0)])])
    case let layer as Repeat:
      return try layers(layer.copies, path: path + ".layers", input: input)
    case let layer as Residual:
      let inner = try layers(layer.layers, path: path + ".layers", input: input)
      return builder.node("Add", [input, inner])
    case let layer as Parallel:
      var branches: [String] = []
      for (index, branch) in layer.branches.enumerated() {
        branches.append(try layers(branch, path: "\(path).branches.\(index).layers", input: input))
      }
      guard branches.count > 1 else { return branches.first ?? input }
      return builder.node("Concat", branches, [.init("axis", int: 1)])
    default:
      throw .ownFunction(layer.kind)
    }
  }

  /// In ONNX's own operator where there is a gamma, as it asks for one; by parts else.
  private mutating func layerNormalization(
    _ layer: LayerNormalization, path: String, input: String
  ) -> String {
    if weights[path, "gamma"] != nil {
      var inputs = [input, weight(path, "gamma")]
      if weights[path, "beta"] != nil { inputs.append(weight(path, "beta")) }
      return builder.node(
        "LayerNormalization", inputs, [.init("axis", int: -1), .init("epsilon", float: layer.epsilon)])
    }
    func mean(_ value: String, _ builder: inout ONNXBuilder) -> String {
      builder.node("ReduceMean", [value], [.init("axes", ints: [-1]), .init("keepdims", int: 1)])
    }
    let centred = builder.node("Sub", [input, mean(input, &builder)])
    let variance = mean(builder.node("Mul", [centred, centred]), &builder)
    let root = builder.node("Sqrt", [builder.node("Add", [variance, builder.float(layer.epsilon)])])
    let normal = builder.node("Div", [centred, root])
    guard weights[path, "beta"] != nil else { return normal }
    return builder.node("Add", [normal, weight(path, "beta")])
  }

  /// A layer's weights under the name that they have in a model file.
  private mutating func weight(_ path: String, _ name: String) -> String {
    guard let tensor = weights[path, name] else { return "" }
    return builder.floats(builder.unique(tensor.name), tensor.values, shape: tensor.shape)
  }

  /// The same, or one number again and again where the layer does without.
  private mutating func weight(_ path: String, _ name: String, or value: Float, width: Int) -> String {
    guard weights[path, name] == nil else { return weight(path, name) }
    return builder.floats(
      builder.constantName(name), [Float](repeating: value, count: width), shape: [width])
  }
}
