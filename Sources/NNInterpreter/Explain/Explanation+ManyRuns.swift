extension Explanation {
  /// Sweeps, folds and seeds, and what is made of their runs.
  static let manyRuns: [Explanation] = [
    Explanation(
      "E0340", "a sweep without variables",
      "`sweep` runs its body once for each value of a list, or for values drawn from a range. A name and a list, or a range, make a variable; its value is `$name` in the body.",
      wrong: "data iris.csv | sweep lr=0.1 { model < output > | compile lr=$lr | fit seed=1 }",
      right: "data iris.csv | sweep lr=[0.1, 0.01] { model < output > | compile lr=$lr | fit seed=1 }"),
    Explanation(
      "E0341", "a range without a number of trials",
      "Between two numbers there is no end of others, so `trials=` says how many are drawn.",
      wrong:
        "data iris.csv | sweep lr=log(1e-3, 0.1) { model < output > | compile lr=$lr | fit seed=1 }",
      right:
        "data iris.csv | sweep trials=3 lr=log(1e-3, 0.1) { model < output > | compile lr=$lr | fit seed=1 }"),
    Explanation(
      "E0342", "a range that is none",
      "`log(low, high)` draws numbers of which every factor is as likely as every other, `real(low, high)` evenly, `int(low, high)` whole numbers, both bounds among them. The smaller stands first, and that of `log` is above 0.",
      wrong:
        "data iris.csv | sweep trials=3 lr=log(0, 0.1) { model < output > | compile lr=$lr | fit seed=1 }",
      right:
        "data iris.csv | sweep trials=3 lr=log(1e-3, 0.1) { model < output > | compile lr=$lr | fit seed=1 }"),
    Explanation(
      "E0343", "more runs than anybody can look at",
      "Each list multiplies the number of combinations. `trials=100` draws a hundred of them, which finds nearly as good ones.",
      wrong:
        "data iris.csv | folds 1000 repeat=1000 { model < output > | fit seed=1 }",
      right: "data iris.csv | folds 5 repeat=2 { model < output > | fit seed=1 }"),
    Explanation(
      "E0344", "a path that several runs write",
      "Runs go side by side, and each would write over the other's file. A variable in the path gives each its own.",
      wrong:
        "data iris.csv | sweep lr=[0.1, 0.01] { model < output > | compile lr=$lr | fit seed=1 | save m.safetensors }",
      right:
        "data iris.csv | sweep lr=[0.1, 0.01] { model < output > | compile lr=$lr | fit seed=1 | save \"m-$lr.safetensors\" }"
    ),
    Explanation(
      "E0345", "a body that leaves its fold",
      "`folds` gives each run its rows: all but one part to train on, and that part to watch. A `data`, a `split` or a `fit FILE` in the body takes other rows. What chooses rows stands in front.",
      wrong: "data iris.csv | folds 3 { split test=20% | model < output > | fit seed=1 }",
      right: "data iris.csv | split test=20% | folds 3 { model < output > | fit seed=1 }"),
    Explanation(
      "E0346", "a body that cannot be ranked or halved",
      "A body of many runs trains or measures something, so that there is something to rank. `halving` stops its fit on the way, so that there must be one `fit`, and nothing nested around it.",
      wrong: "data iris.csv | sweep lr=[0.1, 0.01] { model < output > | compile lr=$lr }",
      right: "data iris.csv | sweep lr=[0.1, 0.01] { model < output > | compile lr=$lr | fit seed=1 }"),
    Explanation(
      "E0347", "runs that there are not",
      "`best`, `runs` and `ensemble` work on what `sweep`, `folds` or `seeds` left.",
      wrong: "data iris.csv | model < output > | fit seed=1 | best val_loss",
      right: "data iris.csv | split val=20% | seeds 2 { model < output > | fit }\nbest val_loss"),
    Explanation(
      "E0348", "a metric that no run measures",
      "`val_loss` is there where rows are watched (`split val=`, `folds`), `test_loss` behind an `evaluate` in the body, others where `compile metrics=` names them.",
      wrong: "data iris.csv | seeds 2 { model < output > | fit }\nbest val_loss",
      right: "data iris.csv | split val=20% | seeds 2 { model < output > | fit }\nbest val_loss"),
    Explanation(
      "E0349", "a metric without a better direction",
      "Of a loss less is better, of an accuracy more. Of some metrics nobody can say, and `mode=min` or `mode=max` does.",
      wrong:
        "data cars.csv target=mpg ignore=[origin] | scale standard | split val=20%\nseeds 2 { model < output > | compile metrics=[mean] | fit }\nbest val_mean",
      right:
        "data cars.csv target=mpg ignore=[origin] | scale standard | split val=20%\nseeds 2 { model < output > | compile metrics=[mean] | fit }\nbest val_mean mode=max"
    ),
    Explanation(
      "E0350", "nothing to compare",
      "`compare $a $b` takes experiments that `let` has named, and that have been measured alike; alone it compares the rows of the runs at hand.",
      wrong: "data iris.csv | model < output > | fit seed=1 | compare",
      right:
        "data iris.csv\nlet a = seeds 2 { model < output > | fit }\nlet b = seeds 2 { model < dense 4; output > | fit }\ncompare $a $b"
    ),
    Explanation(
      "E0351", "a stage without its body",
      "What is run many times stands in braces behind it, on the same line.",
      wrong: "data iris.csv | seeds 3 | model < output > | fit",
      right: "data iris.csv | seeds 3 { model < output > | fit }"),
    Explanation(
      "E1041", "runs that cannot be one model",
      "`ensemble` takes the mean of what its runs predict, so that they answer the same question about the same columns. Other scalings, as folds learn them, are made up for; other fills of `impute`, or other classes of a text column, are not.",
      wrong:
        "data cars.csv target=mpg ignore=[origin] | scale standard\nsweep left=[weight, horsepower] { drop $left | model < output > | fit seed=1 }\nensemble",
      right:
        "data cars.csv target=mpg | select horsepower weight mpg | scale standard\nfolds 3 { model < output > | fit seed=1 }\nensemble"
    ),
    Explanation(
      "W0340", "a variable that changes nothing",
      "Every run is the same, as the body never uses it. Its value is `$name`, in definitions only if it is handed on.",
      wrong: "data iris.csv | sweep lr=[0.1, 0.01] { model < output > | fit seed=1 }",
      right: "data iris.csv | sweep lr=[0.1, 0.01] { model < output > | compile lr=$lr | fit seed=1 }"),
    Explanation(
      "W0341", "seeds that change nothing",
      "`seeds` gives a seed to fits that have none. One with a seed of its own keeps it, and every run is the same.",
      wrong: "data iris.csv | seeds 2 { model < output > | fit seed=1 }",
      right: "data iris.csv | seeds 2 { model < output > | fit }"),
    Explanation(
      "E1040", "no run that came to its end",
      "All of them diverged, or were ended from outside. Smaller learning rates and `scale standard` help against the first.",
      wrong:
        "data data.csv\nsweep lr=[1e6, 1e7] { model < dense 6 relu; dense 2 > compile loss=mse opt=sgd(lr=$lr) | fit epochs=10 seed=1 }\nbest",
      right:
        "data data.csv | scale standard\nsweep lr=[0.01, 0.02] { model < dense 6 relu; dense 2 > compile loss=mse opt=sgd(lr=$lr) | fit epochs=10 seed=1 }\nbest"
    ),
    Explanation(
      "E1042", "a run that comes out otherwise than it did",
      "`best` makes a run again whose weights were not kept, and its weights must be those that it had. If the data, or this program, has changed since, it is another run: run the sweep again."
    ),
  ]
}
