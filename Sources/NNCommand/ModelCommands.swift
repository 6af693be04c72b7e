import ArgumentParser
import NN

/// `nn predict MODEL DATA`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Writes a saved model's answer for each row of a table, as CSV.")

  @Argument(
    help: "A model that `save` wrote, or a dense network in .onnx.",
    completion: .file(extensions: ["safetensors", "onnx"]))
  var model: String
  @Argument(help: "A table, or - for standard input.", completion: .file(extensions: ["csv", "tsv", "gz"]))
  var data: String
  @Option(
    help: ArgumentHelp("Where to write; standard output if absent.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var to: String?
  @Flag(help: "Add each class's probability.")
  var proba = false
  @OptionGroup var options: RunningOptions

  func run() throws {
    try requireOrder(model, data, of: "predict", options)
    var script = "model \(literal(model)) | predict \(literal(data))"
    if let to { script += " to=\(literal(to))" }
    if proba { script += " proba" }
    try execute(SourceFile(name: "<command line>", text: script), options)
  }
}

/// `nn evaluate MODEL DATA`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a saved model on a table.")

  @Argument(
    help: "A model that `save` wrote, or a dense network in .onnx.",
    completion: .file(extensions: ["safetensors", "onnx"]))
  var model: String
  @Argument(help: "A table, or - for standard input.", completion: .file(extensions: ["csv", "tsv", "gz"]))
  var data: String
  @OptionGroup var options: RunningOptions

  func run() throws {
    try requireOrder(model, data, of: "evaluate", options)
    try execute(
      SourceFile(name: "<command line>", text: "model \(literal(model)) | evaluate \(literal(data))"), options
    )
  }
}

/// `nn summary MODEL`.
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Shows a saved model's layers and how it was trained.")

  @Argument(
    help: "A model that `save` wrote, or a dense network in .onnx.",
    completion: .file(extensions: ["safetensors", "onnx"]))
  var model: String
  @OptionGroup var options: RunningOptions

  func run() throws {
    try execute(SourceFile(name: "<command line>", text: "model \(literal(model)) | summary"), options)
  }
}

/// A table in the model's place, and the model in the table's, are told by their endings.
private func requireOrder(
  _ model: String, _ data: String, of command: String, _ options: RunningOptions
) throws(ExitStatus) {
  func isModel(_ path: String) -> Bool {
    let name = path.lowercased()
    return name.hasSuffix(".safetensors") || name.hasSuffix(".onnx")
  }
  guard isModel(data), !isModel(model) else { return }
  var mistake = Diagnostic(
    code: "E0521", "the model stands first, and that is `\(escapingControls(data))`")
  mistake.help =
    "it is written `nn \(command) \(escapingControls(data)) \(model == "-" ? "-" : escapingControls(model))`"
  let console = Console(options, script: "<command line>")
  console.begin()
  console.end([mistake], status: .rejected)
  throw .rejected
}

/// A text of the command line as a string of the language.
private func literal(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\", "$": result += "\\" + String(scalar)
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7F {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}
