import Foundation
import NNData
import NNDiagnostics
import NNModelIO
import Support
import Testing

@testable import NNInterpreter

/// Networks that PyTorch, Keras and scikit-learn have written as ONNX (`Tests/Exports/make_foreign.py`) are read, and answer as ONNX Runtime
/// has them answer.
@Suite struct ForeignModelTests {
  struct Answers: Decodable, Sendable {
    var rows: [[Float]]
    var outputs: [[Float]]
  }

  static let folder = repository.appendingPathComponent("Tests/NNModelIOTests/Fixtures/onnx").path
  static let answers: [(name: String, answers: Answers)] = ["torch", "sklearn", "keras"].flatMap {
    kind -> [(String, Answers)] in
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(kind).json"),
      let all = try? JSONDecoder().decode([String: Answers].self, from: data)
    else { return [] }
    return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func open(_ name: String, _ more: String = "") throws -> Experiment {
    var interpreter = Interpreter()
    let source = SourceFile(name: "t", text: "model \"\(Self.folder)/\(name)\" \(more)")
    let result = interpreter.run(source)
    #expect(result.status == .done, "\(name): \(result.diagnostics.map(\.message))")
    return interpreter.experiment
  }

  @Test func thereAreSome() { #expect(Self.answers.count == 21) }

  @Test(arguments: answers.map(\.name)) func answersAreThoseOfONNXRuntime(name: String) throws {
    guard let answers = Self.answers.first(where: { $0.name == name })?.answers else { return }
    let experiment = try open(name)
    guard let trained = experiment.model?.trained else { return }
    var columns: [String: [Cell]] = [:]
    for (index, column) in trained.preprocessor.inputs.enumerated() {
      columns[column.name] = answers.rows.map { .number(Double($0[index])) }
    }
    let predictions = try experiment.predictions(for: columns)
    for (row, expected) in answers.outputs.enumerated() {
      var found = predictions.values.map { $0.values[row] }
      // A network with one output for two classes.
      if found.count == 2, expected.count == 1 { found.removeFirst() }
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) {
        #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "\(name), row \(row): \(found), and not \(expected)")
      }
    }
  }

  @Test func layersAreThoseThatWereWritten() throws {
    func layers(_ name: String) throws -> [String] {
      try (open(name).model?.plan.layers ?? []).map(\.entry.name)
    }
    #expect(try layers("torch-classifier-script.onnx") == ["dense", "dense"])
    #expect(
      try layers("torch-residual-script.onnx") == ["dense", "residual", "activation", "residual", "dense"])
    #expect(try layers("torch-branches-script.onnx") == ["parallel", "dense"])
    #expect(try layers("sklearn-binary.onnx") == ["dense", "dense", "dense"])
  }

  @Test func namesComeFromTheScriptTheGraphOrTheData() throws {
    func names(_ experiment: Experiment) -> [String] {
      experiment.model?.trained?.target.roles.features ?? []
    }
    #expect(try names(open("sklearn-columns.onnx")) == ["a", "b", "c"])
    #expect(try names(open("sklearn-texts.onnx")) == ["column1", "column2", "column3"])
    #expect(try names(open("sklearn-texts.onnx", "features=[u, v, w] target=kind")) == ["u", "v", "w"])
    #expect(try open("sklearn-texts.onnx").model?.trained?.preprocessor.classes == ["low", "mid", "top"])
    #expect(
      try open("torch-classifier-script.onnx", "classes=[x, y, z]").model?.trained?.preprocessor.classes == [
        "x", "y", "z",
      ])
  }

  @Test func aForeignNetworkGoesOnTraining() throws {
    let iris = repository.appendingPathComponent("scripts/iris.csv").path
    var interpreter = Interpreter()
    let script = """
      data "\(iris)" target=species | model "\(Self.folder)/torch-classifier-script.onnx"
      evaluate
      compile lr=0.01 metrics=[accuracy]
      fit epochs=30 seed=1
      evaluate
      expect test_accuracy > 0.8
      """
    let result = interpreter.run(SourceFile(name: "t", text: script))
    #expect(result.status == .done, "\(result.diagnostics.map(\.message))")
    #expect(interpreter.experiment.model?.trained?.target.roles.features.first == "sepal_length")
  }

  @Test func ourOwnComesBackWhole() throws {
    let folder = try Folder()
    let iris = repository.appendingPathComponent("scripts/iris.csv").path
    var interpreter = Interpreter()
    let path = folder.url.path
    let script = """
      data "\(iris)" target=petal_width | scale standard
      model < dense 4 tanh; batchnorm; residual < dense 4 relu >; output > | fit epochs=2 seed=1
      save "\(path)/m.onnx"
      model "\(path)/m.onnx" | predict "\(iris)" to="\(path)/a.csv"
      fit epochs=1
      """
    let result = interpreter.run(SourceFile(name: "t", text: script))
    #expect(result.status == .done, "\(result.diagnostics.map(\.message))")
    #expect(interpreter.experiment.model?.trained?.preprocessor.inputs.last?.name == "species")
  }

  private func mistake(_ script: String) -> (code: String, message: String) {
    var interpreter = Interpreter()
    let result = interpreter.run(SourceFile(name: "t", text: script))
    return (result.diagnostics.first?.code ?? "", result.diagnostics.first?.message ?? "")
  }

  @Test func namesThatDoNotFit() {
    let file = "model \"\(Self.folder)/torch-classifier-script.onnx\""
    #expect(mistake(file + " features=[a, b]").code == "E0442")
    #expect(mistake(file + " classes=[a, b]").code == "E0442")
    #expect(mistake(file + " target=[a, b]").code == "E0442")
    let cars = repository.appendingPathComponent("scripts/cars.csv").path
    #expect(mistake("data \"\(cars)\" target=mpg | " + file).code == "E0442")
  }

  @Test func aNodeThatIsNoneIsNamed() throws {
    let folder = try Folder()
    // The name of an operator has as many letters.
    let bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: Self.folder + "/torch-classifier-script.onnx")))
    var text = bytes
    let place = try #require(text.indices.first { text[$0...].starts(with: Array("Softmax".utf8)) })
    // Its type stands behind its name.
    let type = try #require(text.indices.last { text[$0...].starts(with: Array("Softmax".utf8)) })
    #expect(place <= type)
    text.replaceSubrange(type..<type + 7, with: Array("Hardmax".utf8))
    let path = folder.url.appendingPathComponent("m.onnx")
    try Data(text).write(to: path)
    let found = mistake("model \"\(path.path)\"")
    #expect(found.code == "E0441")
    #expect(
      found.message.contains("Hardmax") && found.message.contains("a dense network has no such step"),
      "\(found)")
  }
}
