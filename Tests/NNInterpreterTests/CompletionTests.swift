import Foundation
import NNDiagnostics
import Support
import Testing

@testable import NNInterpreter

/// What may be typed where. `|` in a text is the cursor's place where it is written as `‸`.
@Suite struct CompletionTests {
  private static let scripts = repository.appendingPathComponent("scripts").path

  private func labels(_ text: String) -> [String] {
    let parts = text.split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
    let before = Array(parts[0].utf8)
    let source = SourceFile(name: "t", bytes: before + Array((parts.count > 1 ? String(parts[1]) : "").utf8))
    return Completer(source, at: before.count).completions.items.map(\.label)
  }

  private static let iris = "data \(scripts)/iris.csv target=species"

  static let expected: [(text: String, has: [String], lacks: [String])] = [
    ("‸", ["data", "model", "let", "param"], ["dense", "relu"]),
    ("da‸", ["data"], ["model"]),
    ("data iris.csv | ‸", ["split", "model"], ["let"]),
    ("data iris.csv\n| ‸", ["split"], ["let"]),
    ("data iris.csv\n‸", ["split", "let"], []),
    ("let a = ‸", ["data"], ["let"]),
    ("model < ‸", ["dense", "dropout"], ["fit"]),
    ("model < dense 6 re‸", ["relu", "relu6", "regularizer"], ["tanh"]),
    ("model < dense 6 re‸ >", ["relu"], []),
    ("model < dense 6 relu ‸", ["input", "init", "bias"], ["units", "activation", "relu"]),
    ("model < dense 6 activation=‸", ["relu"], ["init"]),
    ("model < dense 6 activation ‸", ["relu"], ["init"]),
    ("model < dense 6 relu init=he‸", ["he_normal", "he_uniform"], ["zeros"]),
    ("model < dense 6; ‸", ["dense", "output"], []),
    ("model < repeat 2 < dense 8 > ‸", ["dense", "output"], []),
    ("model < repeat 2 < dr‸", ["dropout"], []),
    ("model < dense 8 > ‸", ["compile"], ["let"]),
    ("compile loss=‸", ["mse", "mae"], ["adam"]),
    ("compile opt=ad‸", ["adam", "adamw"], ["mae"]),
    ("compile opt=adam(‸", ["lr", "beta_1"], ["loss"]),
    ("compile opt=adam(lr=0.1, ‸", ["beta_1"], ["lr"]),
    ("compile metrics=[acc‸", ["accuracy"], []),
    ("compile metrics=[accuracy, ‸", ["accuracy", "f1"], []),
    ("fit callbacks=[‸", ["early_stopping"], []),
    ("fit callbacks=[early_stopping(mon‸", ["monitor"], []),
    ("fit callbacks=[early_stopping(monitor=‸", ["loss", "val_loss"], []),
    (
      "model < output > | compile metrics=[mae] | fit callbacks=[early_stopping(monitor=val_‸",
      ["val_mae", "val_loss"], ["loss"]
    ),
    ("fit shuffle=‸", ["true", "false"], []),
    ("scale ‸", ["standard", "minmax", "columns"], []),
    ("let rate = 0.1\nlet base = data x.csv\nprint $‸", ["$rate", "$base"], []),
    ("let rate = 0.1\nprint $r‸", ["$rate"], []),
    ("\(iris)\nscale standard columns=‸", ["sepal_length", "petal_width"], []),
    ("\(iris)\nscale standard columns=[sepal_length, pe‸", ["petal_length"], ["sepal_width"]),
    ("\(iris) ignore=[‸", ["petal_width"], []),
    ("data \(scripts)/iris.csv target=sp‸", ["species"], ["sepal_width"]),
    ("data \(scripts)/iris.csv types=[species:‸", ["species:categorical", "species:numeric"], []),
    ("let base = \(iris) | split by=‸", ["species"], []),
    ("let base = \(iris)\n$base | scale standard columns=‸", ["species"], []),
    ("folds 5 { \(iris) | split by=‸", ["species"], []),
    (
      "\(iris) | model < output > | compile metrics=accuracy\nfit epochs=1\nexpect ‸", ["loss", "accuracy"],
      []
    ),
    ("data \(scripts)/ir‸", ["\(scripts)/iris.csv"], ["\(scripts)/iris.nn"]),
    ("data \"\(scripts)/ir‸", ["\(scripts)/iris.csv"], []),
    ("include \(scripts)/ir‸", ["\(scripts)/iris.nn"], ["\(scripts)/iris.csv"]),
    ("# dat‸", [], ["data"]), ("print \"dat‸", [], ["data"]), ("print 'x'‸", [], ["data"]),
    ("xyz ‸", [], ["data"]),
    ("data iris.csv > ‸", [], []), (")‸", [], []), ("(‸", [], []), ("[‸", [], []), ("{‸", [], []),
    ("f(g(h[‸", [], []),
  ]

  @Test(arguments: expected) func completes(_ text: String, _ has: [String], _ lacks: [String]) {
    let labels = labels(text)
    for name in has { #expect(labels.contains(name), "\(text): \(labels)") }
    for name in lacks { #expect(!labels.contains(name), "\(text): \(labels)") }
    #expect(Set(labels).count == labels.count, "\(text): \(labels)")
  }

  @Test func wordsThatNeedThemAreQuoted() throws {
    let folder = try Folder()
    try folder.write("zip code,a\n1,2\n", to: "t.csv")
    let text = "data \(folder.url.path)/t.csv target="
    let items = Completer(SourceFile(name: "t", text: text), at: text.utf8.count).completions.items
    #expect(items.map(\.text) == ["\"zip code\"", "a"])
  }

  /// Whatever stands around it, a cursor is no reason to trap.
  @Test func everyPlaceOfEveryTextIsSafe() {
    let texts =
      Self.expected.map { $0.text.replacing("‸", with: "") } + ["é model < dense 6 \u{1F600} \" $x ${"]
    for text in texts + [texts.joined(separator: " "), texts.reversed().joined(separator: "\n")] {
      let bytes = Array(text.utf8)
      let source = SourceFile(name: "t", bytes: bytes)
      for offset in stride(from: 0, through: bytes.count, by: bytes.count > 500 ? 41 : 3) {
        let completions = Completer(source, at: offset).completions
        #expect(completions.span.end == offset && completions.span.start <= offset)
      }
    }
  }
}
