extension Explanation {
  /// Habits from other languages.
  static let habits: [Explanation] = [
    Explanation(
      "E0140", "`>` to write a file",
      "In a shell `>` writes to a file. Here `<` and `>` hold a model's layers, and stages that write take the file as an option.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1\npredict > answers.csv",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1\npredict to=answers.csv"),
    Explanation(
      "E0141", "`<` to read a file",
      "In a shell `<` reads from a file. Here the stage takes the file's name.",
      wrong: "data < iris.csv", right: "data iris.csv"),
    Explanation(
      "E0142", "a stage or layer written as a call",
      "Stages and layers take their options behind blanks, as a shell's commands do. Calls are for what stands as a value: `opt=adam(lr=0.01)`.",
      wrong: "model < dense(8, relu); output >", right: "model < dense 8 relu; output >"),
    Explanation(
      "E0143", "a blank before a call's `(`",
      "`adam(lr=0.1)` is a call, and its `(` touches the name. With a blank between, these would be two values.",
      wrong: "model < dense 1 > | compile loss=mse opt=adam (lr=0.1)",
      right: "model < dense 1 > | compile loss=mse opt=adam(lr=0.1)"),
    Explanation(
      "E0144", "commas between values", "Values are separated by blanks. Commas separate in lists and calls.",
      wrong: "print 1, 2", right: "print 1 2"),
    Explanation(
      "E0145", "a comparison that is written otherwise",
      "`filter` and `expect` compare with `<`, `<=`, `>`, `>=`, `==` and `!=`.",
      wrong: "data iris.csv | split val=20% | model < output > | fit epochs=1 seed=1\nexpect val_loss =< 9",
      right: "data iris.csv | split val=20% | model < output > | fit epochs=1 seed=1\nexpect val_loss <= 9"),
    Explanation(
      "E0146", "two conditions in one",
      "One stage takes one condition. Both must hold if one stage follows the other.",
      wrong:
        "data iris.csv | split val=20% | model < output > | fit epochs=1 seed=1\nexpect val_loss > 0 and val_loss < 9",
      right:
        "data iris.csv | split val=20% | model < output > | fit epochs=1 seed=1\nexpect val_loss > 0 | expect val_loss < 9"
    ),
    Explanation(
      "E0147", "an option with `:`", "Options are written with `=`, or with a blank: `epochs=5`, `epochs 5`.",
      wrong: "data iris.csv | model < output > | fit epochs: 5 seed=1",
      right: "data iris.csv | model < output > | fit epochs=5 seed=1"),
    Explanation(
      "E0148", "`|` or `,` between layers", "Stages are separated by `|`, layers by `;` or a new line.",
      wrong: "model < dense 8 relu | output >", right: "model < dense 8 relu; output >"),
    Explanation(
      "E0149", "a block on the line behind",
      "A new line ends a stage, so `<` and `{` stand on the line of what they belong to.",
      wrong: "model\n<\n  output\n>", right: "model <\n  output\n>"),
    Explanation(
      "E0150", "a layer's block in braces", "Layers stand in `< … >`. `{ … }` holds stages.",
      wrong: "model < repeat 2 { dense 8 }; output >", right: "model < repeat 2 < dense 8 > output >"),
    Explanation(
      "E0151", "values that touch",
      "Two values that touch might be one or two. Quoted they are one, with a blank between they are two.",
      wrong: "let name = best\nprint $name.csv", right: "let name = best\nprint \"$name.csv\""),
    Explanation(
      "E0152", "a declaration without `=`", "`let` and `param` give a value to a name with `=`.",
      wrong: "let rate 0.1",
      right: "let rate = 0.1\nprint $rate"),
    Explanation(
      "E0153", "a value named without `let`", "A value gets its name with `let`.", wrong: "rate = 0.1",
      right: "let rate = 0.1\nprint $rate"),
    Explanation(
      "E0154", "`==` for an option", "`==` compares; one `=` sets an option.",
      wrong: "data iris.csv | head rows==3", right: "data iris.csv | head rows=3"),
    Explanation(
      "E0155", "no `|` between two stages",
      "Stages of a flow are joined by `|`, or stand on lines of their own.",
      wrong: "let base = data iris.csv\n$base describe", right: "let base = data iris.csv\n$base | describe"),
    Explanation(
      "E0156", "no comma in a list", "In lists and calls commas separate.", wrong: "print [1 2]",
      right: "print [1, 2]"),
    Explanation(
      "E0157", "an option in a call without its `=`",
      "Behind a stage `lr 0.1` is the same as `lr=0.1`. Within the brackets of a call the `=` must be written.",
      wrong: "model < dense 1 > | compile loss=mse opt=adam(lr 0.1)",
      right: "model < dense 1 > | compile loss=mse opt=adam(lr=0.1)"),
    Explanation(
      "E0158", "a comma with no value before it",
      "One comma too many; only the last entry may have one behind it.",
      wrong: "print [1, , 2]", right: "print [1, 2]"),
    Explanation(
      "E0159", "a `$` where a name is declared", "`$` reads a value. A name is given without it.",
      wrong: "let $rate = 0.1",
      right: "let rate = 0.1\nprint $rate"),
    Explanation(
      "E0160", "`${name}` outside a string",
      "The braces keep a name apart from letters behind it, which only strings need.",
      wrong: "let n = 3\nprint ${n}", right: "let n = 3\nprint $n"),
    Explanation(
      "E0161", "a `def` without `( )`", "The brackets hold the parameters, and stand there without any, too.",
      wrong: "def show { describe }", right: "let shown = data iris.csv | describe"),
    Explanation(
      "E0162", "a comparison in the wrong place", "Only `filter` and `expect` compare.",
      wrong: "print 1 <= 3",
      right: "data iris.csv | split val=20% | model < output > | fit epochs=1 seed=1\nexpect val_loss <= 9"
    ),
    Explanation(
      "E0163", "a list in braces", "Lists stand in `[ … ]`.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 class_weight={setosa: 2}",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 class_weight=[setosa:2]"),
    Explanation(
      "E0164", "an option on a line of its own",
      "A new line ends a stage. Where an option is to stand on the next line, a `\\` at the end of this one joins them.",
      wrong: "model < dense 1 > | compile loss=mse\n  lr=0.1",
      right: "model < dense 1 > | compile loss=mse \\\n  lr=0.1"),
    Explanation(
      "E0165", "a stage behind `>`, `|>`, `->` or `%>%`",
      "What a stage gives goes to the next one through `|`, as in a shell. A `>` closes the `<` of a network, and compares in `filter` and `expect`.",
      wrong: "data iris.csv > describe", right: "data iris.csv | describe"),
    Explanation(
      "W0101", "a `;` that ends a `let`",
      "`let base = data a.csv; split` is two statements: `base` is the table alone, and `split` works on the script's own experiment. With `|` both belong to `base`.",
      wrong: "data iris.csv\nlet base = data iris.csv; head 2\n$base | describe",
      right: "let base = data iris.csv | head 2"),
  ]
}
