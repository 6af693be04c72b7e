extension Explanation {
  /// Stages that cannot follow one another, shapes, targets.
  static let flows: [Explanation] = [
    Explanation(
      "E0301", "no data", "The stage works on a table, and none is open.", wrong: "describe",
      right: "data iris.csv | describe"),
    Explanation(
      "E0302", "no model", "The stage works with a model, and there is none.",
      wrong: "data iris.csv | fit epochs=1",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1"),
    Explanation(
      "E0303", "a model that is not trained", "Weights are made at the first `fit`, or read by `model FILE`.",
      wrong: "data iris.csv | model < output > | predict",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 | predict to=answers.csv"),
    Explanation(
      "E0304", "no history", "What is to be shown comes from a `fit`, and there was none.",
      wrong: "data iris.csv | model < output > | plot history",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 | plot history"),
    Explanation(
      "E0305", "a metric that there will not be",
      "`fit` sets `loss`, `val_loss` and what `compile metrics=[…]` asks for; `evaluate` sets the same with `test_` before them.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1\nexpect accuracy > 0",
      right:
        "data iris.csv | split val=20% | model < output > | compile metrics=accuracy | fit epochs=1 seed=1\nexpect val_accuracy > 0"
    ),
    Explanation(
      "E0306", "layers that do not fit",
      "What one layer gives is not what the next one takes, or a model cannot begin so.",
      wrong: "data iris.csv\nmodel < dense 8 input 5; output > | fit epochs=1 seed=1",
      right: "data iris.csv\nmodel < dense 8; output > | fit epochs=1 seed=1"),
    Explanation(
      "E0307", "a model that gives another number of values than there are targets",
      "The last layer has a unit for each target, or for each class. `output` suits itself to the target.",
      wrong:
        "data iris.csv target=species\nmodel < dense 2 softmax > | compile loss=sparse_categorical_crossentropy | fit epochs=1 seed=1",
      right:
        "data iris.csv target=species\nmodel < dense 3 softmax > | compile loss=sparse_categorical_crossentropy | fit epochs=1 seed=1"
    ),
    Explanation(
      "E0308", "no loss", "Training makes a loss small. `output` brings one; else `compile loss=` names it.",
      wrong: "data cars.csv target=mpg | scale standard\nmodel < dense 1 > | fit epochs=1 seed=1",
      right:
        "data cars.csv target=mpg | scale standard\nmodel < dense 1 > | compile loss=mse | fit epochs=1 seed=1"
    ),
    Explanation(
      "E0309", "something behind `output`", "`output` is a model's last layer.",
      wrong: "model < output; dense 3 >",
      right: "model < dense 3; output >"),
    Explanation(
      "E0310", "a target that is not known",
      "Which columns are the targets is read off the model if `target=` does not say. Here that does not work.",
      wrong: "data small.csv\nmodel < dense 3 > | compile loss=mse | fit epochs=1 seed=1",
      right: "data small.csv\nmodel < dense 1 > | compile loss=mse | fit epochs=1 seed=1",
      files: ["small.csv": "a,b\n1,2\n2,3\n3,5"]),
    Explanation(
      "E0311", "a target that does not suit the loss",
      "`mse` and its like compare numbers, crossentropies take classes.",
      wrong: "data iris.csv target=species\nmodel < dense 1 > | compile loss=mse | fit epochs=1 seed=1",
      right: "data iris.csv target=species\nmodel < output > | fit epochs=1 seed=1"),
    Explanation(
      "E0312", "validation rows from two places", "A fit watches the rows of one.",
      wrong:
        "data cars.csv | split val=20% | scale standard | model < output >\nfit epochs=1 seed=1 validation_split=0.2",
      right: "data cars.csv | split val=20% | scale standard | model < output >\nfit epochs=1 seed=1"),
    Explanation(
      "E0313", "a value to watch that this fit does not produce",
      "Callbacks watch `loss`, the metrics of `compile`, and the same with `val_` where there are validation rows.",
      wrong:
        "data iris.csv | model < output >\nfit epochs=1 seed=1 callbacks=[early_stopping(monitor=val_loss)]",
      right:
        "data iris.csv | split val=20% | model < output >\nfit epochs=1 seed=1 callbacks=[early_stopping(monitor=val_loss)]"
    ),
    Explanation(
      "E0314", "options that exclude each other",
      "Each is fine alone; together they contradict each other, or the target.",
      wrong: "model < dense 1 > | compile loss=mse opt=sgd(clipnorm=1, clipvalue=1)",
      right: "model < dense 1 > | compile loss=mse opt=sgd(clipnorm=1)"),
    Explanation(
      "E0316", "a split that leaves a part without rows", "Each part that is asked for needs a row.",
      wrong: "data small.csv target=b | split test=3", right: "data small.csv target=b | split test=2",
      files: ["small.csv": "a,b\n1,2\n2,3\n3,5"]),
    Explanation(
      "E0317", "predictions on the standard output that events have taken",
      "With `--json` standard output carries events, a line each, so predictions go to a file.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | predict",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 | predict to=answers.csv",
      arguments: ["--json"]),
    Explanation(
      "E0318", "a stage without its condition", "`expect` compares a metric with a number: `expect loss < 9`."
    ),
    Explanation(
      "E0319", "the same preparation twice",
      "Columns are scaled once; a second `scale` of the same ones contradicts the first.",
      wrong: "data iris.csv | scale standard | scale minmax", right: "data iris.csv | scale standard"),
    Explanation(
      "E0320", "a metric that cannot be measured here", "`accuracy` needs classes, `mae` needs numbers.",
      wrong:
        "data cars.csv target=mpg | scale standard\nmodel < output > | compile metrics=accuracy | fit epochs=1 seed=1",
      right:
        "data cars.csv target=mpg | scale standard\nmodel < output > | compile metrics=mae | fit epochs=1 seed=1"
    ),
    Explanation(
      "E0322", "a stage that needs all rows in memory",
      "A table that streams is read a part at a time while a model trains, is measured or predicts; `split`, the preparation, `select`, `drop`, `describe` and `head` know how. `filter`, `sample` and those that look at rows one against another need them all.",
      wrong: "data iris.csv stream | filter species != setosa",
      right: "data iris.csv | filter species != setosa"),
    Explanation(
      "E0321", "a trained model with a loss of another kind",
      "What a trained model's outputs mean cannot change: start with a new one.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1\ncompile loss=mse | fit epochs=1",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1\ncompile lr=0.01 | fit epochs=1"),
    Explanation(
      "E0330", "a value that was not measured after the epoch that is kept",
      "With `validation_freq` not every epoch has values of validation rows.",
      wrong:
        "data iris.csv | split val=20% | model < output >\nfit epochs=3 seed=1 validation_freq=2\nexpect val_loss < 99",
      right:
        "data iris.csv | split val=20% | model < output >\nfit epochs=4 seed=1 validation_freq=2\nexpect val_loss < 99"
    ),
    Explanation(
      "E0331", "whether a value should fall or rise is not known",
      "Most metrics say which way is better. For the others `mode=` does.",
      wrong:
        "data iris.csv | split val=20% | model < output > | compile metrics=mean\nfit epochs=1 seed=1 callbacks=[early_stopping(monitor=val_mean)]",
      right:
        "data iris.csv | split val=20% | model < output > | compile metrics=mean\nfit epochs=1 seed=1 callbacks=[early_stopping(monitor=val_mean, mode=min)]"
    ),
    Explanation(
      "E0332", "two callbacks that write one file", "What the one writes the other would write over.",
      wrong:
        "data iris.csv | model < output >\nfit epochs=1 seed=1 callbacks=[csv_logger(a.csv), csv_logger(a.csv)]",
      right: "data iris.csv | model < output >\nfit epochs=1 seed=1 callbacks=[csv_logger(a.csv)]"),
    Explanation(
      "E0333", "a file's name with a place that cannot be filled",
      "In a checkpoint's name `{epoch:02d}` and `{val_loss:.2f}` stand for the epoch and its values.",
      wrong:
        "data iris.csv | model < output >\nfit epochs=1 seed=1 callbacks=[checkpoint(\"m-{epok}.safetensors\")]",
      right:
        "data iris.csv | model < output >\nfit epochs=1 seed=1 callbacks=[checkpoint(\"m-{epoch}.safetensors\")]"
    ),
    Explanation(
      "E0334", "class weights that do not suit the classes",
      "`class_weight=balanced` weighs each class by its rows; `class_weight=[setosa:2]` names those that do not weigh 1.",
      wrong: "data iris.csv | model < output >\nfit epochs=1 seed=1 class_weight=[rose:2]",
      right: "data iris.csv | model < output >\nfit epochs=1 seed=1 class_weight=[setosa:2]"),
    Explanation(
      "W0301", "preparation that comes too late",
      "Scales and fillings are learned at the model's first fit, and kept. What is recorded behind it has no effect.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1\nscale standard\nfit epochs=1",
      right: "data iris.csv | scale standard | model < output > | fit epochs=1 seed=1\nfit epochs=1"),
    Explanation(
      "W0302", "a `split` that replaces another", "Both shares are given in one `split`.",
      wrong: "data iris.csv | split test=20% | split val=20%", right: "data iris.csv | split test=20% val=20%"
    ),
    Explanation(
      "W0303", "`softmax` over one value", "It is 1 whatever the value, so nothing can be learned.",
      wrong:
        "data cars.csv target=mpg | scale standard\nmodel < dense 1 softmax > | compile loss=mse | fit epochs=1 seed=1",
      right:
        "data cars.csv target=mpg | scale standard\nmodel < dense 1 > | compile loss=mse | fit epochs=1 seed=1"
    ),
    Explanation(
      "W0304", "a loss of probabilities behind a layer that gives none",
      "Crossentropies compare probabilities, which `softmax` and `sigmoid` give. With `from_logits=true` they take the sums before those.",
      wrong:
        "data iris.csv target=species\nmodel < dense 3 > | compile loss=sparse_categorical_crossentropy | fit epochs=1 seed=1",
      right:
        "data iris.csv target=species\nmodel < dense 3 softmax > | compile loss=sparse_categorical_crossentropy | fit epochs=1 seed=1"
    ),
    Explanation(
      "W0305", "logits behind `softmax` or `sigmoid`",
      "`from_logits=true` means the sums before them; leave out one of the two.",
      wrong:
        "data iris.csv target=species\nmodel < dense 3 softmax > | compile loss=sparse_categorical_crossentropy(from_logits=true) | fit epochs=1 seed=1",
      right:
        "data iris.csv target=species\nmodel < dense 3 > | compile loss=sparse_categorical_crossentropy(from_logits=true) | fit epochs=1 seed=1"
    ),
  ]
}
