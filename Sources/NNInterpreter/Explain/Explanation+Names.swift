extension Explanation {
  /// Names and arguments.
  static let names: [Explanation] = [
    Explanation(
      "E0201", "a stage that there is none",
      "`nn help` lists the stages. A layer stands inside a model's block.",
      wrong: "data iris.csv | describ", right: "data iris.csv | describe"),
    Explanation(
      "E0202", "a layer that there is none",
      "`nn help layers` lists them. A stage stands behind the model's `>`.",
      wrong: "model < dens 8 relu; output >", right: "model < dense 8 relu; output >"),
    Explanation(
      "E0203", "a name that is none of its kind",
      "An option takes the name of an activation, a loss, an optimizer … and this one is not among them. `nn help activations`, `nn help losses` and so on list them, with Keras's names beside ours.",
      wrong: "model < dense 8 rellu; output >", right: "model < dense 8 relu; output >"),
    Explanation(
      "E0204", "an option that there is none",
      "`nn help STAGE` lists the options of a stage, `nn help dense` those of a layer.",
      wrong: "data iris.csv | head lines=3", right: "data iris.csv | head rows=3"),
    Explanation(
      "E0205", "a value of another kind",
      "The option takes something else: a number where a word stands, say.",
      wrong: "data iris.csv | head rows=many", right: "data iris.csv | head rows=3"),
    Explanation(
      "E0206", "a value out of range", "The value is of the right kind, and too small or too great.",
      wrong: "model < dropout 1.5; output >", right: "model < dropout 0.5; output >"),
    Explanation(
      "E0207", "an option given twice",
      "A value without a name goes to the first option that may be given so. `dense 8 units=4` gives the units twice.",
      wrong: "model < dense 8 units=4; output >", right: "model < dense 8; output >"),
    Explanation(
      "E0208", "a value that no option takes",
      "Values without a name go to the options that may be given so, in their order, and there is none left for this one. Perhaps it needs its option's name, or a `;` or `|` is missing before it.",
      wrong: "data iris.csv | head 3 4", right: "data iris.csv | head 3"),
    Explanation(
      "E0209", "an option that is missing", "Without it the stage or layer cannot do its work.",
      wrong: "data",
      right: "data iris.csv"),
    Explanation(
      "E0210", "an option without its value",
      "Only options that are true or false stand alone. The others take a value.",
      wrong: "data iris.csv | split test", right: "data iris.csv | split test=20%"),
    Explanation(
      "E0211", "a name without a value",
      "`$name` has a value from the line on where `let` or `param` gives it one.", wrong: "print $rate",
      right: "let rate = 0.1\nprint $rate"),
    Explanation(
      "E0212", "a flow where a value is wanted, or the other way about",
      "`let` binds a value or a flow. A flow begins a statement, and a value stands as an argument.",
      wrong: "let base = data iris.csv\nprint $base", right: "let base = data iris.csv\n$base | describe"),
    Explanation(
      "E0214", "a division by zero", "Arithmetic gives numbers, and this is none.", wrong: "print (1 / 0)",
      right: "print (1 / 2)"),
    Explanation(
      "E0215", "a block that is missing, or one too many",
      "`model`, `repeat`, `residual` and `parallel` hold layers in `< … >`. Others hold none.",
      wrong: "model < repeat 2; output >", right: "model < repeat 2 < dense 8 > output >"),
    Explanation(
      "E0216", "a `param` that was not set", "A `param` without a default must be given its value.",
      wrong: "param epochs\nprint $epochs", right: "param epochs=5\nprint $epochs"),
    Explanation(
      "E0217", "a setting for which there is no `param`",
      "`--set NAME=VALUE` sets what the script declares with `param NAME`.",
      wrong: "param rate=1\nprint $rate", right: "param epochs=1\nprint $epochs",
      arguments: ["--set", "epochs=5"]),
    Explanation(
      "E0218", "a setting of another kind", "What is a number in the script can only be set to a number.",
      wrong: "param epochs=1\nprint $epochs", right: "param epochs=few\nprint $epochs",
      arguments: ["--set", "epochs=many"]),
    Explanation(
      "E0219", "a name that is taken",
      "Each `param` is declared once, and the language's own words are no names.",
      wrong: "param rate=1\nparam rate=2\nprint $rate", right: "param rate=2\nprint $rate"),
  ]
}
