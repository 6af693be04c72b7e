import NNData
import NNEngine
import Testing

@testable import NNModelIO

#if canImport(Glibc)
  import Glibc
#endif

/// What an ONNX file holds. That ONNX Runtime answers as nn does is shown by `make exports`, which needs Python.
struct ONNXExportTests {
  @Test func everyPartGivesTheGoldenBytes() throws {
    let bytes = try ONNXExport.bytes(of: everyPart())
    let path = fixture("exported.onnx")
    if getenv("NN_UPDATE_FIXTURES") != nil {
      let file = try AtomicFile(path: path)
      try file.write(bytes)
      try file.commit()
    }
    #expect(try bytes == readBytes(path))
  }

  @Test func endsAreNamedByColumns() throws {
    let graph = try ONNXModel(serializedBytes: ONNXExport.bytes(of: everyPart())).graph
    #expect(
      graph.input.map(\.name) == [
        "size", "weight", "age", "cut", "label", "grade", "sold.year", "sold.month",
      ])
    #expect(graph.input.map(\.type.tensorType.elemType) == [1, 1, 1, 8, 8, 8, 1, 1])
    // A column has its name first.
    #expect(graph.output.map(\.name) == ["label.1", "probabilities"])
    #expect(graph.output[1].type.tensorType.shape.dim.last?.dimValue == 2)
    let values = graph.node.flatMap(\.output) + graph.input.map(\.name) + graph.initializer.map(\.name)
    #expect(Set(values).count == values.count)
    for node in graph.node {
      for input in node.input { #expect(values.contains(input), "\(node.opType) takes \(input)") }
    }
  }

  @Test func aHashHasNoPlace() throws {
    var model = try everyPart()
    model.preprocessor.inputs[3].encoding = .hash(buckets: 2, fill: nil)
    #expect(throws: ExportError.hashedColumn("cut")) { try ONNXExport.bytes(of: model) }
  }

  @Test func spellingsOfNumbersAreKeys() {
    let keys = CategoryKeys(["1", "2.5", "x"], fill: "x")
    #expect(keys.keys == ["1", "2.5", "x", "1.0", ""])
    #expect(keys.places == [0, 1, 2, 0, 2])
  }
}

/// Each encoding, each layer and each activation.
func everyPart() throws -> ExportedModel {
  let year = DateEncoding.Part(part: .year, form: .number(mean: 2012.5, scaling: nil))
  let month = DateEncoding.Part(part: .month, form: .cyclic)
  let knots = Scaling(kind: .quantile, offset: 0, scale: 1, knots: [0, 1, 1, 4])
  let standard = Scaling(kind: .standard, offset: 3, scale: 1.5)
  let inputs = [
    InputColumn(name: "size", encoding: .number(fill: nil, scaling: standard)),
    InputColumn(name: "weight", encoding: .number(fill: 2, scaling: nil)),
    InputColumn(
      name: "age", encoding: .number(fill: 1, scaling: knots), hasIndicator: true, hadMissing: true),
    InputColumn(name: "cut", encoding: .oneHot(categories: ["fine", "1"], rare: ["odd"], fill: nil)),
    InputColumn(
      name: "label", encoding: .oneHot(categories: ["é", "b"], rare: [], fill: "b"), hasIndicator: true),
    InputColumn(
      name: "grade", encoding: .ordinal(categories: ["low", "high"], fill: nil, scaling: standard)),
    InputColumn(
      name: "sold", encoding: .date(DateEncoding(isDayFirst: false, parts: [year, month]), fill: nil)),
  ]
  let preprocessor = Preprocessor(
    inputs: inputs, outputs: [TargetColumn(name: "kind")], targetKind: .binary, classes: ["no", "yes"])
  let activations: [any Activation] = [
    ReLU(), ReLU(negativeSlope: 0.1, maxValue: 2, threshold: -0.5), ReLU6(), LeakyReLU(), ELU(), CELU(),
    SELU(), GELU(),
    GELU(approximate: true), SiLU(), Mish(), Softplus(), Softsign(), Squareplus(), SparsePlus(), LogSigmoid(),
    HardSigmoid(), SparseSigmoid(), HardSiLU(), Tanh(), HardTanh(), TanhShrink(), SoftShrink(threshold: 0.1),
    HardShrink(threshold: 0.1), Threshold(threshold: 0, defaultValue: -1), Exponential(), Softmax(),
    LogSoftmax(),
    Sparsemax(), Linear(),
  ]
  var layers: [any Layer] = activations.map { ActivationLayer($0) }
  layers += [
    Dense(units: 4, activation: GLU()), Dropout(rate: 0.1), AlphaDropout(rate: 0.1),
    GaussianDropout(rate: 0.1),
    GaussianNoise(stddev: 0.1), PReLU(), BatchNormalization(),
    BatchNormalization(affine: AffineParameters(scale: false, center: false)), LayerNormalization(),
    LayerNormalization(affine: AffineParameters(scale: false)), RMSNormalization(), UnitNormalization(),
    Repeat(count: 2, layers: [Dense(units: 2, useBias: false)]),
    Residual(layers: [Dense(units: 2, activation: Tanh())]),
    Parallel(branches: [[Dense(units: 3)], []]),
    Dense(units: 1, activation: Sigmoid()),
  ]
  var network = try Network(inputWidth: preprocessor.featureWidth, layers: layers)
  network.initializeWeights(seed: 1)
  let saved = SavedModel(
    version: "0", inputWidth: network.inputWidth, layers: [], preprocessor: preprocessor,
    digest: network.digest)
  return ExportedModel(
    network: network, preprocessor: preprocessor, answer: .probabilities(classes: ["no", "yes"]),
    saved: saved,
    names: network.parameters.map(\.name))
}
