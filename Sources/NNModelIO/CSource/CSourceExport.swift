import NNData
import NNEngine

/// A model as C99 source: the whole predictor with its preparation, which needs nothing but the C library, keeps no state and
/// allocates nothing. Compiled with `-DNN_SELF_TEST` it is a program that checks a few rows against what nn answers.
public struct CSourceExport {
  let model: ExportedModel
  let weights: LayerWeights
  /// What every name that the linker sees begins with.
  let prefix: String
  /// The fields of a row, in the order of the columns.
  let fields: [String]
  /// The fields of an answer, of a regression.
  let targets: [String]
  var helpers: Set<CHelper> = []
  /// Tables and weights.
  var constants = CText()
  var body = CText()
  var buffers = CBuffers()
  var tensors: [String: String] = [:]

  /// Source that compilers take without complaint; more than that is for another form.
  private static let sizeLimit = 256 << 20

  private init(_ model: ExportedModel, name: String) {
    self.model = model
    weights = model.weights()
    prefix = CNames.plain(name)
    var names = CNames()
    fields = model.preprocessor.inputs.map { names.name($0.name) }
    var targetNames = CNames()
    targets = model.preprocessor.outputs.map { targetNames.name($0.name) }
  }

  /// Writes the source, whole or not at all; the same model gives the same text. Its names begin with the file's.
  public static func write(_ model: ExportedModel, path: String) throws(ExportError) {
    let file = path.split(separator: "/").last.map(String.init) ?? "model.c"
    let text = try source(of: model, name: file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file)
    do throws(DataError) {
      let file = try AtomicFile(path: path)
      try file.write(Array(text.utf8))
      try file.commit()
    } catch {
      throw .file(ModelFileError(error, path: path))
    }
  }

  /// The source's text.
  public static func source(of model: ExportedModel, name: String) throws(ExportError) -> String {
    let size = model.network.parameterCount * 4
    guard size < sizeLimit else { throw .tooLarge(kind: "C source", bytes: size, limit: sizeLimit) }
    var export = CSourceExport(model, name: name)
    return try export.source(name)
  }

  private mutating func source(_ name: String) throws(ExportError) -> String {
    try predictor()
    let test = try selfTest()
    var text = CText()
    head(name, &text)
    text.line()
    text.line("#ifndef \(prefix.uppercased())_DECLARATIONS")
    text.line()
    text.block(
      "#include <math.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
    )
    for helper in allHelpers {
      text.line()
      text.block(named(helper.source))
    }
    text.block(named(constants.text))
    text.block(named(body.text))
    text.block(named(test))
    text.line()
    text.line("#endif")
    return text.text
  }

  /// The helpers that are used, each behind those it needs.
  private var allHelpers: [CHelper] {
    var all = helpers
    for helper in helpers {
      all.formUnion(helper.needs)
      for needed in helper.needs { all.formUnion(needed.needs) }
    }
    return all.sorted()
  }

  private func named(_ text: String) -> String { text.replacing("$", with: prefix + "_") }

  // MARK: Declarations

  private func head(_ name: String, _ text: inout CText) {
    let saved = model.saved
    let guardName = prefix.uppercased() + "_H"
    text.block(
      """
      /* \(C.comment(name)): made by nn \(C.comment(saved.version)) of the weights \(C.comment(saved.digest ?? "")).
       *
       * The predictor with its preparation, in C99 with the C library and its mathematics (-lm): no state, no allocation, safe to call
       * from several threads. -ffast-math takes NAN away, and with it the handling of what is missing.
       *
       *     cc -std=c99 -O2 -DNN_SELF_TEST -o self_test \(C.comment(name)).c -lm && ./self_test
       *
       * Define \(prefix.uppercased())_DECLARATIONS before an #include of this file to have the declarations alone.
       */
      #ifndef \(guardName)
      #define \(guardName)

      #include <math.h>

      #ifdef __cplusplus
      extern "C" {
      #endif

      """)
    text.line("/* A row. A number that is missing is NAN, a text NULL or \"\". */")
    text.open("typedef struct")
    for (input, field) in zip(model.preprocessor.inputs, fields) {
      text.line("\(input.kind == .numeric ? "float " : "const char *")\(field); /* \(meaning(of: input)) */")
    }
    if fields.isEmpty { text.line("char nothing;") }
    text.close("} \(prefix)_input;")
    text.line()
    text.open("typedef struct")
    if let classes = model.classes {
      text.line("int label; /* the class's place in \(prefix)_classes */")
      let isMargins = if case .margins = model.answer { true } else { false }
      text.line(
        "float \(isMargins ? "margins" : "probabilities")[\(classes.count)];\(isMargins ? " /* above 0 for a class */" : "")"
      )
    } else {
      for (target, field) in zip(model.preprocessor.outputs, targets) {
        text.line("float \(field); /* `\(C.comment(target.name))` */")
      }
    }
    text.close("} \(prefix)_output;")
    text.line()
    if let classes = model.classes {
      text.line("extern const char *const \(prefix)_classes[\(classes.count)];")
      text.line()
    }
    text.block(
      """
      /* Answers a row. Gives 0, or the place, from 1, of a field that is missing and must not be; the answer is then not set. */
      int \(prefix)_predict(const \(prefix)_input *row, \(prefix)_output *answer);

      #ifdef __cplusplus
      }
      #endif

      #endif
      """)
  }

  private func meaning(of input: InputColumn) -> String {
    let name = "`\(C.comment(input.name))`"
    func list(_ texts: [String]) -> String {
      let first = texts.prefix(8).map { C.comment($0) }.joined(separator: ", ")
      return "\(name): \(first)\(texts.count > 8 ? " and \(texts.count - 8) more" : "")"
    }
    switch input.encoding {
    case .number: return "\(name), a number"
    case .oneHot(let categories, let rare, _): return list(categories + rare)
    case .ordinal(let categories, _, _): return list(categories)
    case .hash: return "\(name), any text"
    case .date: return "\(name), a date or a time"
    }
  }

  // MARK: The predictor

  private mutating func predictor() throws(ExportError) {
    if let classes = model.classes {
      constants.line()
      constants.array(
        "const char *const $classes[\(classes.count)]", classes.map { C.string($0) }, perLine: 4)
    }
    let width = model.preprocessor.featureWidth
    var inner = CText()
    swap(&inner, &body)
    let features = buffers.take(max(width, 1))
    preparation(into: features)
    let outputs = try layers(
      model.network.layers, path: "layers", CValue(buffer: features, width: width, isOwned: true))
    answer(outputs)
    swap(&inner, &body)
    body.line()
    body.open("int $predict(const $input *row, $output *answer)")
    for (name, width) in buffers.all { body.line("float \(name)[\(width)];") }
    body.block(indented(inner.text))
    body.line("return 0;")
    body.close()
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  " + $0 }
      .joined(separator: "\n")
  }

  private mutating func answer(_ outputs: CValue) {
    let x = outputs.buffer
    guard let classes = model.classes else {
      for (index, target) in model.preprocessor.outputs.enumerated() {
        guard let scaling = target.scaling else {
          body.line("answer->\(targets[index]) = \(x)[\(index)];")
          continue
        }
        body.line(
          "answer->\(targets[index]) = (float)((double)\(x)[\(index)] * \(C.double(scaling.scale)) + \(C.double(scaling.offset)));"
        )
      }
      return
    }
    let isMargins = if case .margins = model.answer { true } else { false }
    let table = "answer->\(isMargins ? "margins" : "probabilities")"
    if outputs.width == 1, classes.count == 2 {
      body.line("\(table)[0] = \(isMargins ? "-\(x)[0]" : "1.0f - \(x)[0]");")
      body.line("\(table)[1] = \(x)[0];")
    } else {
      body.line("for (int i = 0; i < \(classes.count); i++) \(table)[i] = \(x)[i];")
    }
    if let threshold = model.decision {
      return body.line("answer->label = \(table)[1] > \(C.float(threshold)) ? 1 : 0;")
    }
    body.line("answer->label = 0;")
    body.open("for (int i = 1; i < \(classes.count); i++)")
    body.line("if (\(table)[i] > \(table)[answer->label]) answer->label = i;")
    body.close()
  }
}

/// The arrays that values lie in on their way, used again once nobody needs what is in them.
struct CBuffers {
  private(set) var all: [(name: String, width: Int)] = []
  private var free: [Int] = []

  mutating func take(_ width: Int) -> String {
    if let index = free.popLast() {
      all[index].width = max(all[index].width, width)
      return all[index].name
    }
    all.append(("b\(all.count)", width))
    return "b\(all.count - 1)"
  }

  mutating func giveBack(_ name: String) {
    if let index = all.firstIndex(where: { $0.name == name }) { free.append(index) }
  }
}

/// A row's units at some place of the network.
struct CValue {
  var buffer: String
  var width: Int
  /// Nobody else needs what is in the buffer.
  var isOwned: Bool
}
