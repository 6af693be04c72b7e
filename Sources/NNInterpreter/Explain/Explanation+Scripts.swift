extension Explanation {
  /// Definitions, included files, rows and columns, and what is of no use.
  static let scripts: [Explanation] = [
    Explanation(
      "E0250", "a declaration in a body",
      "`def`, `param` and `include` stand at the top of a script, where everything behind them sees what they declare.",
      wrong: "def look(n) { param m=3; data iris.csv | head $n }\nlook 2",
      right: "param m=3\ndef look(n) { data iris.csv | head $n }\nlook $m"),
    Explanation(
      "E0251", "a definition that uses itself",
      "A definition may use those in front of it, and not itself, for it would never end. `repeat N < … >` repeats layers.",
      wrong: "def look(n) { head $n | look 2 }\ndata iris.csv | look 3",
      right: "def look(n) { head $n }\ndata iris.csv | look 3 | look 2"),
    Explanation(
      "E0252", "a parameter named twice", "Each of a definition's parameters has a name of its own.",
      wrong: "def look(n, n) { head $n }\ndata iris.csv | look 3",
      right: "def look(n) { head $n }\ndata iris.csv | look 3"),
    Explanation(
      "E0253", "what is no layer among a definition's layers",
      "A definition whose body starts with a layer is one of layers: they follow one another with `;` or on new lines, and a `let` among them binds a value.",
      wrong: "def block(n) { dense $n relu | dense $n }\ndata iris.csv | model < block 8; output >",
      right: "def block(n) { dense $n relu; dense $n }\ndata iris.csv | model < block 8; output >"),
    Explanation(
      "E0254", "definitions that come to too much",
      "Definitions that use definitions multiply: 10,000 stages or layers are the most that a script may come to, 50 deep.",
      wrong: (["def d0() { head 1; head 1 }"] + (1...14).map { "def d\($0)() { d\($0 - 1); d\($0 - 1) }" }
        + ["data iris.csv | d14"]).joined(separator: "\n"),
      right: "def d0() { head 1; head 1 }\ndef d1() { d0; d0 }\ndata iris.csv | d1"),
    Explanation(
      "E0255", "a stage in an included file",
      "`include` takes a file's `let`, `def`, `param` and `include`. What is to run stands in the script; a flow that several scripts start from is bound to a name.",
      wrong: "include common.nn\nprint \"done\"", right: "include names.nn\n$iris | head 3",
      files: ["common.nn": "data iris.csv | describe", "names.nn": "let iris = data iris.csv"]),
    Explanation(
      "E0256", "files that include one another",
      "A file that includes itself, by way of others too, would never end.", wrong: "include a.nn",
      right: "include c.nn\nprint $x",
      files: ["a.nn": "include b.nn", "b.nn": "include a.nn", "c.nn": "let x = 3"]),
    Explanation(
      "E0450", "a filter that leaves no row",
      "No row is as the comparison says: perhaps the value is spelled otherwise. A missing value is never as said.",
      wrong: "data iris.csv | filter species == setsoa | describe",
      right: "data iris.csv | filter species == setosa | describe"),
    Explanation(
      "E0451", "a column that cannot be left out",
      "`data` named the column as target or weight, and the fit needs it.",
      wrong: "data iris.csv target=species | drop species",
      right: "data iris.csv target=species | drop sepal_width"),
    Explanation(
      "W0201", "a name that is never used",
      "Perhaps it is misspelt where it was to be used. A flow that is never used is told of only if it shows and saves nothing, for it runs in any case. A name that begins with `_` is left alone.",
      wrong: "let rate = 0.1\ndata iris.csv | model < output > | compile lr=0.1 | fit seed=1",
      right: "let rate = 0.1\ndata iris.csv | model < output > | compile lr=$rate | fit seed=1"),
    Explanation(
      "W0306", "an `expect` on the rows that trained",
      "A model does well on rows that it has seen. What it is worth is measured on others: `val_` values on those that a split sets aside, `test_` values by `evaluate`.",
      wrong: "data iris.csv | model < output > | fit seed=1 | expect loss < 100",
      right: "data iris.csv | split val=20% | model < output > | fit seed=1 | expect val_loss < 100"),
    Explanation(
      "W0307", "a `compile` behind the last fit",
      "`compile` says how the next `fit` trains and what it and `evaluate` measure. Behind the last of them it changes nothing.",
      wrong: "data iris.csv | model < output > | fit seed=1 | compile lr=0.1",
      right: "data iris.csv | model < output > | compile lr=0.1 | fit seed=1"),
  ]
}
