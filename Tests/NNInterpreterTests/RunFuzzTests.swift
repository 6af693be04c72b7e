import Foundation
import NNData
import NNDiagnostics
import Support
import Testing

@testable import NNInterpreter

/// Well-formed scripts put together at random, run on small tables with every kind of column: whatever comes out, it is a
/// result or an error with a code, and running it again gives the same. `NN_RUN_ROUNDS` asks for more rounds.
@Suite struct RunFuzzTests {
  struct Dice {
    var state: UInt64

    mutating func below(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    mutating func some(_ choices: [String], each percent: Int) -> String {
      var text = ""
      for choice in choices where below(100) < percent { text += " " + choice }
      return text
    }
  }

  static let tables: [String: Table] = {
    let texts = [
      "numbers": "a,b,c,d\n"
        + (0..<23).map { "\($0),\(Double($0) / 7),\(($0 * 5) % 11),\(Double(($0 * 3) % 7) / 2)" }
        .joined(separator: "\n"),
      "classes": "x,kind,y\n"
        + (0..<31).map { "\(Double($0) / 3),\(["red", "blue", "green"][$0 % 3]),\(["no", "yes"][$0 % 2])" }
        .joined(separator: "\n"),
      "holes": "a,kind,b,y\n"
        + (0..<17).map {
          "\($0 % 4 == 0 ? "" : String($0)),\($0 % 5 == 0 ? "" : ["p", "q"][$0 % 2]),\($0),\($0 % 3)"
        }
        .joined(separator: "\n"),
      "one": "a,y\n1,2\n", "constant": "a,b,y\n" + (0..<9).map { _ in "3,x,5" }.joined(separator: "\n"),
      "wild": "big,small,y\n"
        + (0..<12).map { "\($0 % 2 == 0 ? "1e30" : "-1e30"),\($0)e-30,\($0 % 4)" }.joined(separator: "\n"),
    ]
    return texts.compactMapValues { try? readTable(bytes: Array(($0 + "\n").utf8), name: "t.csv") }
  }()

  static func script(_ dice: inout Dice) -> String {
    let activations = [
      "relu", "relu(negative_slope=0.1, max_value=6)", "leaky_relu", "elu", "gelu", "gelu(approximate=true)",
      "sigmoid", "tanh", "softmax", "linear", "selu", "celu(0.5)", "silu", "mish", "softplus", "squareplus",
      "glu",
      "hard_silu", "log_softmax", "sparsemax", "exponential", "threshold(0.1, -1)", "soft_shrink",
    ]
    let losses = [
      "mse", "mae", "huber(delta=0.5)", "bce", "bce(from_logits=true, label_smoothing=0.1)", "cce", "sparse",
      "sparse(from_logits=true)", "sparse(ignore_class=0)", "mape", "msle", "log_cosh", "cosine_similarity",
      "poisson",
      "kld", "hinge", "squared_hinge", "categorical_hinge", "binary_focal_crossentropy(gamma=1.5)",
      "categorical_focal_crossentropy(alpha=[0.2, 0.8])", "categorical_focal_crossentropy(from_logits=true)",
      "categorical_generalized_cross_entropy",
    ]
    var text = "data table:\(dice.pick(tables.keys.sorted()))" + dice.some(["target=y"], each: 40) + "\n"
    if dice.below(3) > 0 {
      text +=
        "split\(dice.some(["test=20%"], each: 80))\(dice.some(["val=2"], each: 40))\(dice.some(["stratify"], each: 20))\(dice.some(["order=tail"], each: 15)) seed=\(dice.below(5))\n"
    }
    if dice.below(2) == 0 {
      text += "impute \(dice.pick(["mean", "median", "mode", "0"]))\(dice.some(["indicator"], each: 30))\n"
    }
    if dice.below(2) == 0 {
      text += "scale \(dice.pick(["standard", "minmax", "robust"]))\(dice.some(["columns=y"], each: 20))\n"
    }
    let layers = (0..<dice.below(4)).map { _ -> String in
      switch dice.below(5) {
      case 0: "dropout \(dice.pick(["0", "0.5", "20%"]))"
      case 1: "activation \(dice.pick(activations))"
      default:
        "dense \(1 + dice.below(17)) \(dice.pick(activations))"
          + dice.some(["l2=0.01", "bias=false", "init=he_normal", "activity_l1=0.001"], each: 15)
      }
    }
    let last = dice.below(4) == 0 ? "dense \(1 + dice.below(3)) \(dice.pick(activations))" : "output"
    text += "model < \((layers + [last]).joined(separator: "; ")) >\n"
    if dice.below(4) > 0 {
      text +=
        "compile\(dice.below(2) == 0 ? " loss=" + dice.pick(losses) : "") opt=\(dice.pick(["sgd", "adam", "sgd(momentum=0.9, nesterov=true)", "adam(amsgrad=true)"]))"
        + " lr=\(dice.pick(["0.1", "0.001", "1e6", "0"]))\(dice.some(["metrics=[mae, r2]", "metrics=[accuracy]"], each: 10))\n"
    }
    text +=
      "fit epochs=\(dice.below(4)) batch=\(1 + dice.below(40)) seed=\(dice.below(9))"
      + dice.some(
        [
          "shuffle=false", "validation_split=0.3", "patience=1", "steps=3", "steps_per_epoch=2",
          "validation_freq=2", "validation_freq=[1, 3]", "class_weight=balanced", "class_weight=[2, 1]",
          "callbacks=[terminate_on_nan, reduce_lr_on_plateau(monitor=loss, patience=1), early_stopping(monitor=loss)]",
        ], each: 15) + "\n"
    text += dice.pick([
      "evaluate\n", "predict proba\n", "fit epochs=1; evaluate\n", "summary\n", "plot history\n", "",
    ])
    return text
  }

  @Test func scriptsEndInAResultOrAnError() {
    let rounds = ProcessInfo.processInfo.environment["NN_RUN_ROUNDS"].flatMap { Int($0) } ?? 400
    var dice = Dice(state: 20)
    var done = 0
    for round in 0..<rounds {
      let script = Self.script(&dice)
      var options = RunOptions()
      options.tables = Self.tables
      options.threads = 1 + round % 2
      var digests: [String?] = []
      for _ in 0..<2 {
        var interpreter = Interpreter()
        let result = interpreter.run(SourceFile(name: "fuzz", text: script), options: options)
        switch result.status {
        case .done: done += 1
        case .rejected, .failed:
          let codes = result.diagnostics.filter { $0.severity == .error }.map(\.code)
          #expect(!codes.isEmpty && codes.allSatisfy { $0 != "E1000" }, "\(codes)\n\(script)")
        case .interrupted: Issue.record("interrupted by nobody\n\(script)")
        }
        digests.append(interpreter.experiment.digest)
      }
      #expect(digests[0] == digests[1], "\(script)")
    }
    // The scripts are not all refused.
    #expect(done > rounds / 3, "only \(done) of \(2 * rounds) runs came to their end")
  }
}
