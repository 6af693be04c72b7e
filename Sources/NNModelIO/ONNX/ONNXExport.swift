import NNData
import NNEngine
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model as an ONNX file: a named input for each raw column, [rows × 1], float with NaN where a number is missing or text
/// with "" where one is; the preparation and the network as operators; and the answers.
///
/// What nn computes in double, scaling above all, the graph does in double, so that it rounds alike.
public struct ONNXExport {
  /// The oldest set of operators that has all that is used; the newer the set, the fewer the programs that know it.
  static let operatorSet: Int64 = 17
  static let mlOperatorSet: Int64 = 3
  static let mlDomain = "ai.onnx.ml"
  /// What goes with operator set 17.
  private static let irVersion: Int64 = 8
  /// Of protocol buffers.
  private static let sizeLimit = Int(Int32.max)

  let model: ExportedModel
  let weights: LayerWeights
  var builder = ONNXBuilder()

  private init(_ model: ExportedModel) {
    self.model = model
    weights = model.weights()
  }

  /// Writes the model, whole or not at all; the same model gives the same bytes.
  ///
  /// - Throws: ``ExportError``, where it has something that ONNX cannot say, and what is wrong with the file.
  public static func write(_ model: ExportedModel, path: String) throws(ExportError) {
    let bytes = try bytes(of: model)
    do throws(DataError) {
      let file = try AtomicFile(path: path)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw .file(ModelFileError(error, path: path))
    }
  }

  /// The file's bytes.
  public static func bytes(of model: ExportedModel) throws(ExportError) -> [UInt8] {
    let size = model.network.parameterCount * 4
    guard size < sizeLimit - (1 << 24) else {
      throw .tooLarge(kind: "an ONNX file", bytes: size, limit: sizeLimit)
    }
    var export = ONNXExport(model)
    try export.build()
    do {
      return try export.file.serializedBytes()
    } catch {
      throw .tooLarge(kind: "an ONNX file", bytes: size, limit: sizeLimit)
    }
  }

  private mutating func build() throws(ExportError) {
    // The columns' names are taken first, so that nothing else has them.
    let features = try preparation()
    let outputs = try layers(model.network.layers, path: "layers", input: features)
    answer(outputs)
  }

  private var file: ONNXModel {
    var file = ONNXModel()
    file.irVersion = Self.irVersion
    file.producerName = "nn"
    file.producerVersion = model.saved.version
    file.graph = builder.graph
    file.graph.name = "nn"
    var main = ONNXOperatorSet()
    main.version = Self.operatorSet
    file.opsetImport = [main]
    if builder.usesML {
      var ml = ONNXOperatorSet()
      ml.domain = Self.mlDomain
      ml.version = Self.mlOperatorSet
      file.opsetImport.append(ml)
    }
    file.metadataProps = [("nn", model.saved.json.text()), ("digest", model.saved.digest ?? "")].map {
      var entry = ONNXStringEntry()
      entry.key = $0
      entry.value = $1
      return entry
    }
    return file
  }

  // MARK: Answers

  private mutating func answer(_ outputs: String) {
    switch model.answer {
    case .numbers: numbers(outputs)
    case .probabilities(let classes): self.classes(classes, outputs, isMargins: false)
    case .margins(let classes): self.classes(classes, outputs, isMargins: true)
    }
  }

  /// An output for each target, in the units of the file.
  private mutating func numbers(_ outputs: String) {
    let targets = model.preprocessor.outputs
    var values = outputs
    if targets.contains(where: { $0.scaling != nil }) {
      let scales = builder.doubles(
        builder.constantName("target_scale"), targets.map { $0.scaling?.scale ?? 1 }, shape: [targets.count])
      let offsets = builder.doubles(
        builder.constantName("target_offset"), targets.map { $0.scaling?.offset ?? 0 }, shape: [targets.count]
      )
      let wide = builder.cast(values, to: .double)
      values = builder.cast(
        builder.node("Add", [builder.node("Mul", [wide, scales]), offsets]), to: .float)
    }
    for (index, target) in targets.enumerated() {
      let name = builder.unique(target.name)
      if targets.count == 1 {
        builder.node("Identity", [values], output: name)
      } else {
        let place = builder.integers(builder.constantName("target"), [index], shape: [1])
        builder.node("Gather", [values, place], [.init("axis", int: 1)], output: name)
      }
      builder.output(name, .float, shape: [nil, 1])
    }
  }

  /// `label` and `probabilities`, or `margins`; of a binary network's one output, two.
  private mutating func classes(_ classes: [String], _ outputs: String, isMargins: Bool) {
    let label = builder.unique("label")
    let table = builder.unique(isMargins ? "margins" : "probabilities")
    if model.network.outputWidth == 1, classes.count == 2 {
      let first =
        isMargins
        ? builder.node("Neg", [outputs]) : builder.node("Sub", [builder.float(1), outputs])
      builder.node("Concat", [first, outputs], [.init("axis", int: 1)], output: table)
    } else {
      builder.node("Identity", [outputs], output: table)
    }
    let place: String
    if let threshold = model.decision {
      // `threshold` has said from which probability on the second class is said.
      let second = builder.integers(builder.constantName("second"), [1], shape: [])
      let score = builder.node("Gather", [table, second], [.init("axis", int: 1)])
      place = builder.cast(builder.node("Greater", [score, builder.float(threshold)]), to: .int64)
    } else {
      // Of equal ones the first, as nn has it.
      place = builder.node("ArgMax", [table], [.init("axis", int: 1), .init("keepdims", int: 0)])
    }
    let names = builder.texts(builder.constantName("classes"), classes)
    builder.node("Gather", [names, place], [.init("axis", int: 0)], output: label)
    builder.output(label, .string, shape: [nil], doc: "the class")
    builder.output(
      table, .float, shape: [nil, classes.count],
      doc: (isMargins ? "above 0 for a class: " : "in this order: ") + classes.joined(separator: ", "))
  }
}
