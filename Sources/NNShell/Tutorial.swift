import NN

/// Leads through a first model, a statement at a time: each step tells what comes next and puts it into the prompt. Whatever else is
/// typed in between works as always; the step waits.
struct Tutorial: Sendable {
  struct Step: Sendable {
    /// The stage that the step is done with.
    var stage: String
    var text: String
    var statement: String
  }

  private(set) var index = 0

  var step: Step? { Self.steps.indices.contains(index) ? Self.steps[index] : nil }

  /// Goes on if the statement had what the step is about.
  /// - Parameter stages: the names of the stages that have run.
  /// - Returns: whether it did.
  mutating func advance(_ stages: [String]) -> Bool {
    // Several steps may be done at once.
    let before = index
    for name in stages where step?.stage == name { index += 1 }
    return index > before
  }

  /// What the shell says for the step at hand.
  var text: String {
    guard let step else { return Self.ending }
    return "\(index + 1)/\(Self.steps.count)  \(step.text)"
  }

  static let opening =
    "A first model, in \(steps.count) steps. Each line is in the prompt already: press Enter to run it, or change it first. "
    + "Leave with Ctrl-D at any time."

  static let ending =
    "That is a whole session. `:save first.nn` writes it as a script, which `nn first.nn` runs to the same weights. "
    + "Your own table goes in the place of table:iris. `help` lists what else there is, `help fit` tells of one stage, and Tab shows what "
    + "can stand where you are."

  static let steps: [Step] = [
    Step(
      stage: "data",
      text: "Everything starts with a table. This one comes with nn: 150 irises of three species.",
      statement: "data table:iris target=species"),
    Step(
      stage: "describe",
      text:
        "Look at it before you trust it. `|` passes the table on; a line that starts with it goes on from the last one.",
      statement: "| describe"),
    Step(
      stage: "scale",
      text:
        "Set some rows aside to test with, and bring all columns to one scale. The prompt tells where you stand.",
      statement: "split test=20% seed=1 | scale standard"),
    Step(
      stage: "model",
      text:
        "A network: a layer of 12 units, then `output`, which suits itself to the column to be predicted.",
      statement: "model < dense 12 relu; output >"),
    Step(
      stage: "fit",
      text:
        "Train it. The same seed gives the same weights, always. Ctrl-C would stop early and keep what is learned.",
      statement: "fit epochs=60 seed=1"),
    Step(stage: "plot", text: "How did it learn?", statement: "plot history"),
    Step(
      stage: "evaluate", text: "And how good is it on the rows that it has never seen?", statement: "evaluate"
    ),
    Step(
      stage: "save",
      text:
        "Keep it. Anyone with this file and nn can predict from it: `nn predict iris.safetensors flowers.csv`.",
      statement: "save iris.safetensors"),
  ]
}
