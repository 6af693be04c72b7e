extension Explanation {
  /// How a text is built.
  static let structure: [Explanation] = [
    Explanation(
      "E0120", "something else was expected",
      "What stands here cannot follow what stands before it. The message says what may.",
      wrong: "data iris.csv | head rows=3 =",
      right: "data iris.csv | head rows=3"),
    Explanation(
      "E0121", "a bracket that is never closed",
      "Each `(`, `[`, `<` and `{` has its partner. The note shows where it was missed.",
      wrong: "model < dense 8 relu; output", right: "model < dense 8 relu; output >"),
    Explanation(
      "E0122", "a bracket that closes nothing",
      "There is one closing bracket too many, or its partner is missing.",
      wrong: "print [1, 2]]", right: "print [1, 2]"),
    Explanation(
      "E0123", "a bracket closed by one of another kind", "`[` is closed by `]`, `(` by `)`.",
      wrong: "print [1, 2)",
      right: "print [1, 2]"),
    Explanation(
      "E0124", "a word that cannot be a name",
      "Stages, layers, options and values have names of letters, digits and `_` that do not begin with a digit. A file alone is no stage: `data` opens it.",
      wrong: "iris.csv | describe", right: "data iris.csv | describe"),
    Explanation(
      "E0125", "something that cannot be an option's name",
      "Before `=` stands the name of an option, a bare word. A value that has a `=` in it stands in quotes.",
      wrong: "print 'a'=1", right: "print 'a=1'"),
    Explanation(
      "E0126", "an option without its value", "Behind `=` stands the value, on the same line.",
      wrong: "let rate =",
      right: "let rate = 0.1\nprint $rate"),
    Explanation(
      "E0127", "a `|` with no stage on one side",
      "`|` passes what the stage on its left gives to the stage on its right, so it has one on each side. A line may begin or end with it, if the flow goes on there.",
      wrong: "data iris.csv | | describe", right: "data iris.csv | describe"),
    Explanation(
      "E0128", "more than a statement holds",
      "The statement is complete, and something follows on its line. Several values are a list; another statement begins behind `;`.",
      wrong: "let widths = 8 16", right: "let widths = [8, 16]\nprint $widths"),
    Explanation(
      "E0129", "a statement in the middle of a flow",
      "`let`, `def`, `param` and `include` begin a statement of their own and are no stages.",
      wrong: "data iris.csv | let n = 3", right: "data iris.csv\nlet n = 3\nhead $n"),
    Explanation(
      "E0130", "a `$name` in the middle of a flow",
      "A flow may start from an experiment that `let` has kept. It cannot pass through one.",
      wrong: "let base = data iris.csv\ndata iris.csv | $base",
      right: "let base = data iris.csv\n$base | describe"),
    Explanation(
      "E0131", "arithmetic with something that is no number",
      "`( … )` computes with numbers and with `$name`. A name without `$` is a word.",
      wrong: "let n = 2\nprint (n + 1)", right: "let n = 2\nprint ($n + 1)"),
    Explanation(
      "E0132", "a block without a layer's name",
      "`< … >` belongs to a layer that does something with it. Only the branches of `parallel` have no name.",
      wrong: "model < < dense 8 relu >; output >",
      right: "model < input 4; residual < dense 4 relu > output >"
    ),
    Explanation(
      "E0133", "brackets nested too deep", "No script that a person reads nests brackets a hundred deep.",
      wrong: "print " + String(repeating: "(", count: 101) + "1" + String(repeating: ")", count: 101),
      right: "print (1)"),
    Explanation(
      "E0134", "arithmetic that is too long", "Name a part of it with `let`, and go on from there.",
      wrong: "print (" + String(repeating: "1 + ", count: 600) + "1)",
      right: "let part = (1 + 1)\nprint ($part + 1)"),
    Explanation(
      "E0135", "so many problems that the rest is left out",
      "A file with more than a thousand mistakes is hardly a script: is it the right file? If so, mend the first mistakes; many of the others may go with them."
    ),
  ]
}
