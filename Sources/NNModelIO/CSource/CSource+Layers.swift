import NNEngine

extension CSourceExport {
  /// Writes layers one after another.
  mutating func layers(
    _ layers: [any Layer], path: String, _ input: CValue
  ) throws(ExportError) -> CValue {
    var value = input
    for (index, layer) in layers.enumerated() {
      value = try self.layer(layer, path: "\(path).\(index)", value)
    }
    return value
  }

  private mutating func layer(_ layer: any Layer, path: String, _ input: CValue) throws(ExportError) -> CValue
  {
    switch layer {
    case let layer as Dense:
      helpers.insert(.dense)
      let result = buffers.take(layer.units)
      let bias = layer.useBias ? weight(path, "bias") : "NULL"
      body.line(
        "$dense(\(input.buffer), \(input.width), \(weight(path, "kernel")), \(bias), \(layer.units), \(result));"
      )
      drop(input)
      return try activation(layer.activation, CValue(buffer: result, width: layer.units, isOwned: true))
    case let layer as ActivationLayer:
      return try activation(layer.activation, input)
    case is Dropout, is AlphaDropout, is GaussianDropout, is GaussianNoise:
      return input
    case is PReLU:
      return inPlace(input, .prelu, "prelu", [weight(path, "alpha")])
    case let layer as BatchNormalization:
      let tensors = ["moving_mean", "moving_variance", "gamma", "beta"].map { weight(path, $0) }
      return inPlace(input, .batchNorm, "batch_norm", tensors + [C.float(layer.epsilon)])
    case let layer as LayerNormalization:
      return inPlace(
        input, .layerNorm, "layer_norm",
        [weight(path, "gamma"), weight(path, "beta"), C.float(layer.epsilon)])
    case let layer as RMSNormalization:
      return inPlace(input, .rmsNorm, "rms_norm", [weight(path, "gamma"), C.float(layer.epsilon)])
    case is UnitNormalization:
      return inPlace(input, .unitNorm, "unit_norm", [])
    case let layer as Repeat:
      return try layers(layer.copies, path: path + ".layers", input)
    case let layer as Residual:
      let inner = own(try layers(layer.layers, path: path + ".layers", shared(input)))
      body.line("for (int i = 0; i < \(inner.width); i++) \(inner.buffer)[i] += \(input.buffer)[i];")
      drop(input)
      return inner
    case let layer as Parallel:
      return try parallel(layer, path: path, input)
    default:
      throw .ownFunction(layer.kind)
    }
  }

  private mutating func parallel(_ layer: Parallel, path: String, _ input: CValue) throws(ExportError)
    -> CValue
  {
    var branches: [CValue] = []
    for (index, branch) in layer.branches.enumerated() {
      branches.append(try layers(branch, path: "\(path).branches.\(index).layers", shared(input)))
    }
    let width = branches.reduce(0) { $0 + $1.width }
    let result = buffers.take(width)
    var column = 0
    for branch in branches {
      body.line("for (int i = 0; i < \(branch.width); i++) \(result)[\(column) + i] = \(branch.buffer)[i];")
      column += branch.width
      drop(branch)
    }
    drop(input)
    return CValue(buffer: result, width: width, isOwned: true)
  }

  // MARK: Buffers

  /// The same value, which somebody else needs too.
  private func shared(_ value: CValue) -> CValue {
    CValue(buffer: value.buffer, width: value.width, isOwned: false)
  }

  private mutating func drop(_ value: CValue) {
    if value.isOwned { buffers.giveBack(value.buffer) }
  }

  /// The value in a buffer that may be written to.
  private mutating func own(_ value: CValue) -> CValue {
    guard !value.isOwned else { return value }
    let copy = buffers.take(value.width)
    body.line("for (int i = 0; i < \(value.width); i++) \(copy)[i] = \(value.buffer)[i];")
    return CValue(buffer: copy, width: value.width, isOwned: true)
  }

  private mutating func inPlace(
    _ input: CValue, _ helper: CHelper, _ name: String, _ arguments: [String]
  ) -> CValue {
    helpers.insert(helper)
    let value = own(input)
    body.line("$\(name)(\(([value.buffer, "\(value.width)"] + arguments).joined(separator: ", ")));")
    return value
  }

  /// A weight tensor's name, written down at its first use; NULL for one that the layer does without.
  private mutating func weight(_ path: String, _ name: String) -> String {
    guard let tensor = weights[path, name] else { return "NULL" }
    let identifier = "$" + CNames.plain(tensor.name)
    if tensors.updateValue(identifier, forKey: identifier) == nil {
      constants.line()
      constants.array(
        "static const float \(identifier)[\(tensor.values.count)]", tensor.values.map { C.float($0) })
    }
    return identifier
  }

  // MARK: Activations

  private mutating func activation(_ activation: any Activation, _ input: CValue) throws(ExportError)
    -> CValue
  {
    switch activation {
    case is Linear: return input
    case is Softmax: return inPlace(input, .softmax, "softmax", [])
    case is LogSoftmax: return inPlace(input, .logSoftmax, "log_softmax", [])
    case is Sparsemax: return inPlace(input, .sparsemax, "sparsemax", [])
    case is GLU:
      helpers.insert(.sigmoid)
      let value = own(input)
      let width = value.width / 2
      body.line(
        "for (int i = 0; i < \(width); i++) \(value.buffer)[i] *= $sigmoid(\(value.buffer)[\(width) + i]);")
      return CValue(buffer: value.buffer, width: width, isOwned: true)
    default: break
    }
    let formula = try formula(activation)
    let value = own(input)
    body.open("for (int i = 0; i < \(value.width); i++)")
    body.line("const float v = \(value.buffer)[i];")
    body.line("\(value.buffer)[i] = \(formula);")
    body.close()
    return value
  }

  /// f(v).
  private mutating func formula(_ activation: any Activation) throws(ExportError) -> String {
    func number(_ value: Float) -> String { value < 0 ? "(\(C.float(value)))" : C.float(value) }
    func use(_ helper: CHelper, _ export: inout CSourceExport) { export.helpers.insert(helper) }
    switch activation {
    case let relu as ReLU:
      if relu.negativeSlope == 0, relu.maxValue == nil, relu.threshold == 0 { return "v > 0.0f ? v : 0.0f" }
      use(.relu, &self)
      return
        "$relu(v, \(C.float(relu.negativeSlope)), \(C.float(relu.maxValue ?? .infinity)), \(C.float(relu.threshold)))"
    case is ReLU6:
      use(.clip, &self)
      return "$clip(v, 0.0f, 6.0f)"
    case let leaky as LeakyReLU: return "v > 0.0f ? v : \(number(leaky.negativeSlope)) * v"
    case let elu as ELU: return "v > 0.0f ? v : \(number(elu.alpha)) * expm1f(v)"
    case let celu as CELU: return "v > 0.0f ? v : \(number(celu.alpha)) * expm1f(v / \(number(celu.alpha)))"
    case is SELU: return "v < 0.0f ? 1.7580993408473766f * expm1f(v) : 1.0507009873554805f * v"
    case let gelu as GELU:
      return gelu.approximate
        ? "0.5f * v * (1.0f + tanhf(0.7978845608028654f * (v + 0.044715f * v * v * v)))"
        : "0.5f * v * (1.0f + erff(v * 0.70710678118654752f))"
    case is SiLU:
      use(.sigmoid, &self)
      return "v * $sigmoid(v)"
    case is Mish:
      use(.softplus, &self)
      return "v * tanhf($softplus(v))"
    case is Softplus:
      use(.softplus, &self)
      return "$softplus(v)"
    case is Softsign: return "v / (1.0f + fabsf(v))"
    case let squareplus as Squareplus: return "0.5f * (v + sqrtf(v * v + \(number(squareplus.b))))"
    case is SparsePlus: return "v <= -1.0f ? 0.0f : v < 1.0f ? 0.25f * ((v + 1.0f) * (v + 1.0f)) : v"
    case is Sigmoid:
      use(.sigmoid, &self)
      return "$sigmoid(v)"
    case is LogSigmoid:
      use(.softplus, &self)
      return "-$softplus(-v)"
    case is HardSigmoid:
      use(.clip, &self)
      return "$clip(v + 3.0f, 0.0f, 6.0f) / 6.0f"
    case is SparseSigmoid:
      use(.clip, &self)
      return "$clip(0.5f * (v + 1.0f), 0.0f, 1.0f)"
    case is HardSiLU:
      use(.clip, &self)
      return "v * ($clip(v + 3.0f, 0.0f, 6.0f) / 6.0f)"
    case is Tanh: return "tanhf(v)"
    case is HardTanh:
      use(.clip, &self)
      return "$clip(v, -1.0f, 1.0f)"
    case is TanhShrink: return "v - tanhf(v)"
    case let shrink as SoftShrink:
      let bound = number(shrink.threshold)
      return "v > \(bound) ? v - \(bound) : v < -\(bound) ? v + \(bound) : 0.0f"
    case let shrink as HardShrink: return "fabsf(v) <= \(number(shrink.threshold)) ? 0.0f : v"
    case let threshold as Threshold:
      return "v <= \(number(threshold.threshold)) ? \(number(threshold.defaultValue)) : v"
    case is Exponential: return "expf(v)"
    default: throw .ownFunction(activation.name)
    }
  }
}
