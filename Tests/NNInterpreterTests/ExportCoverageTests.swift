import Foundation
import NNDiagnostics
import Support
import Testing

@testable import NNInterpreter

/// What the catalog has, an export has: a new activation or layer is not forgotten.
@Suite struct ExportCoverageTests {
  private func export(_ layers: String) throws -> [Diagnostic] {
    let folder = try Folder()
    let iris = repository.appendingPathComponent("scripts/iris.csv").path
    let script = """
      data "\(iris)" target=species
      model < \(layers); output > | fit epochs=0 seed=1
      save "\(folder.url.path)/m.onnx"
      save "\(folder.url.path)/m.c"
      """
    var interpreter = Interpreter()
    let result = interpreter.run(SourceFile(name: "t", text: script))
    if result.status == .done { #expect(folder.names == ["m.c", "m.onnx"]) }
    return result.diagnostics.filter { $0.severity == .error }
  }

  @Test func everyActivation() throws {
    for activation in Catalog.components(.activation) {
      let arguments =
        activation.options.contains(where: \.isRequired) ? "(threshold=0.5, default_value=0)" : ""
      #expect(try export("dense 4 \(activation.name)\(arguments)").isEmpty, "\(activation.name)")
    }
  }

  @Test func everyLayer() throws {
    let spelt = [
      "dense": "dense 4", "activation": "activation relu", "dropout": "dropout 10%",
      "alpha_dropout": "alpha_dropout 10%",
      "gaussian_dropout": "gaussian_dropout 10%", "noise": "noise 0.1", "repeat": "repeat 2 < dense 4 >",
      "residual": "residual < dense 4 >", "parallel": "parallel < < dense 2 > < > >",
    ]
    for layer in Catalog.layers where layer.name != "input" && layer.name != "output" {
      #expect(try export(spelt[layer.name] ?? layer.name).isEmpty, "\(layer.name)")
    }
  }
}
