extension Catalog {
  /// Scripts that show a name at work. They run as they stand in a folder with the tables of scripts/: the tests do that.
  static func examples(of entry: any Declaration, in group: HelpGroup) -> [String] {
    func call(_ entry: any Declaration) -> String {
      calls["\(group.name) \(entry.name)"] ?? calls[entry.name] ?? entry.name
    }
    switch group.kind {
    case nil: return examples["\(group.name) \(entry.name)"] ?? []
    case .activation?: return ["model < dense 8 \(call(entry)); output >"]
    case .initializer?: return ["model < dense 8 relu init=\(call(entry)); output >"]
    case .regularizer?: return ["model < dense 8 relu regularizer=\(call(entry)); output >"]
    case .constraint?: return ["model < dense 8 relu constraint=\(call(entry)); output >"]
    case .loss?: return ["model < dense 8 relu; output > | compile loss=\(entry.name)"]
    case .optimizer?: return ["model < dense 8 relu; output > | compile opt=\(entry.name)(lr=0.01)"]
    case .schedule?: return ["model < dense 8 relu; output > | compile opt=sgd lr=\(call(entry))"]
    case .metric?: return ["model < dense 8 relu; output > | compile metrics=[\(call(entry))]"]
    case .callback?:
      return [
        "data iris.csv | split val=20% seed=1 | model < dense 8 relu; output >\nfit epochs=3 seed=1 callbacks=[\(call(entry))]"
      ]
    }
  }

  /// Names with what they need, or with an option that they are chosen for.
  private static let calls: [String: String] = [
    "threshold": "threshold(0.5, 0)", "sensitivity_at_specificity": "sensitivity_at_specificity(0.9)",
    "specificity_at_sensitivity": "specificity_at_sensitivity(0.9)",
    "precision_at_recall": "precision_at_recall(0.9)", "recall_at_precision": "recall_at_precision(0.9)",
    "constant": "constant(0.1)", "l1": "l1(0.01)", "l2": "l2(0.01)", "l1l2": "l1l2(l1=0.01, l2=0.01)",
    "max_norm": "max_norm(2)", "min_max_norm": "min_max_norm(min_value=0.5, max_value=2)",
    "schedules exponential": "exponential(0.1, steps=100, rate=0.9)",
    "piecewise": "piecewise([100, 200], [0.1, 0.05, 0.01])", "polynomial": "polynomial(0.1, steps=1000)",
    "inverse_time": "inverse_time(0.1, steps=100, rate=0.5)", "schedules cosine": "cosine(0.1, steps=1000)",
    "cosine_restarts": "cosine_restarts(0.1, steps=100)", "early_stopping": "early_stopping(patience=2)",
    "reduce_lr_on_plateau": "reduce_lr_on_plateau(patience=2)",
    "checkpoint": "checkpoint(best.safetensors, save_best_only=true)", "csv_logger": "csv_logger(log.csv)",
    "backup": "backup(unfinished)",
  ]

  /// Of stages and layers, each by hand.
  private static let examples: [String: [String]] = [
    "stages data": [
      "data iris.csv target=species | describe",
      "data cars.csv target=mpg ignore=[year] types=[origin:categorical]",
    ],
    "stages select": ["data cars.csv | select horsepower weight mpg | describe"],
    "stages drop": ["data iris.csv target=species | drop sepal_length sepal_width | describe"],
    "stages filter": ["data cars.csv target=mpg | filter year >= 1975 | filter origin != USA | describe"],
    "stages sample": ["data cars.csv target=mpg | sample 20% seed=1 | describe"],
    "stages split": ["data iris.csv target=species | split test=20% val=10% seed=1"],
    "stages scale": ["data cars.csv target=mpg | scale standard\nscale minmax columns=mpg"],
    "stages impute": ["data cars.csv target=mpg | impute median"],
    "stages encode": [
      "data cars.csv target=mpg | encode onehot columns=origin min_frequency=5%",
      "data cars.csv target=mpg | encode hash columns=origin buckets=8",
    ],
    "stages balance": ["data iris.csv target=species | balance\nmodel < output > | fit epochs=3 seed=1"],
    "stages model": [
      "model < dense 8 relu; dropout 20%; output >",
      "data iris.csv | model < output > | fit epochs=3 seed=1 | save iris.safetensors\nmodel iris.safetensors | summary",
    ],
    "stages compile": [
      "model < dense 8 relu; output > | compile opt=adamw(weight_decay=0.01) lr=0.01 metrics=[accuracy]"
    ],
    "stages fit": [
      "data iris.csv | split val=20% seed=1 | model < dense 8 relu; output >\nfit epochs=20 batch=16 patience=5 seed=1"
    ],
    "stages evaluate": [
      "data iris.csv | split test=20% seed=1 | model < output >\nfit epochs=3 seed=1 | evaluate"
    ],
    "stages confusion": [
      "data iris.csv | split test=20% seed=1 | model < output >\nfit epochs=3 seed=1 | confusion normalize=true"
    ],
    "stages predict": [
      "data iris.csv | model < output > | fit epochs=3 seed=1\npredict iris.csv to=answers.csv proba=true"
    ],
    "stages sweep": [
      "data iris.csv | split val=20% seed=1\nsweep lr=[0.1, 0.01] width=[4, 8] {\n  model < dense $width relu; output > | compile lr=$lr\n  fit epochs=5 seed=1\n}\nbest val_loss | save iris.safetensors",
      "data iris.csv | split val=20% seed=1\nsweep trials=9 seed=1 halving=3 lr=log(1e-3, 0.1) width=int(4, 16) {\n  model < dense $width relu; output > | compile lr=$lr | fit epochs=9 seed=1\n}",
    ],
    "stages folds": [
      "data iris.csv | scale standard\nfolds 5 { model < dense 8 relu; output > | fit epochs=10 seed=1 }",
      "data cars.csv target=mpg ignore=[origin] | scale standard\nfolds 4 time=year { model < output > | fit epochs=5 seed=1 }",
    ],
    "stages seeds": [
      "data iris.csv | split val=20% seed=1\nseeds 5 { model < dense 8 relu; output > | fit epochs=10 }"
    ],
    "stages best": [
      "data iris.csv | split test=20% val=20% seed=1\nsweep lr=[0.1, 0.01] { model < output > | compile lr=$lr | fit epochs=5 seed=1 }\nbest val_loss | evaluate"
    ],
    "stages ensemble": [
      "data iris.csv | scale standard | split test=20% seed=1\nfolds 5 { model < dense 8 relu; output > | fit epochs=10 seed=1 }\nensemble | evaluate | save iris.safetensors"
    ],
    "stages runs": [
      "data iris.csv | split val=20% seed=1\nsweep lr=[0.1, 0.01] { model < output > | compile lr=$lr | fit epochs=5 seed=1 }\nruns by=loss top=1 | runs to=runs.csv"
    ],
    "stages compare": [
      "data iris.csv | split val=20% seed=1\nlet plain = seeds 4 { model < output > | fit epochs=10 }\nlet deep = seeds 4 { model < dense 8 relu; output > | fit epochs=10 }\ncompare $plain $deep"
    ],
    "stages describe": ["data iris.csv | describe"],
    "stages why": [
      "data cars.csv target=mpg | scale standard | model < dense 16 relu; output >\nfit epochs=5 seed=1 | why"
    ],
    "stages head": ["data iris.csv | head 3"],
    "stages summary": ["data iris.csv | model < dense 8 relu; output > | fit epochs=1 seed=1 | summary"],
    "stages plot": [
      "data iris.csv | model < output > | fit epochs=5 seed=1 | plot",
      "data iris.csv | split test=30% seed=1 | model < output > | fit epochs=5 seed=1\nplot confusion\nplot roc to=roc.svg",
    ],
    "stages report": [
      "data iris.csv | split test=20% val=20% seed=1 | scale standard\nmodel < dense 8 relu; output > | compile metrics=accuracy | fit epochs=20 seed=1\nreport to=iris.html title=\"Species of iris\" note=\"For teaching; not for gardeners.\""
    ],
    "stages importance": [
      "data cars.csv target=mpg | split test=20% seed=1 | scale standard | impute mean\nmodel < dense 8 relu; output > | fit epochs=10 seed=1\nimportance repeats=5 to=importance.csv"
    ],
    "stages calibrate": [
      "data iris.csv | split test=20% val=20% seed=1 | model < dense 8 relu; output >\ncompile lr=0.02 | fit epochs=20 seed=1 | calibrate | evaluate"
    ],
    "stages threshold": [
      "data iris.csv | filter species != setosa | split test=20% val=20% seed=1\nmodel < dense 8 relu; output > | compile metrics=[accuracy, recall]\nfit epochs=10 seed=1 | threshold f1 | evaluate",
      "data iris.csv | filter species != setosa | model < output > | fit epochs=3 seed=1\nthreshold 0.3",
    ],
    "stages print": ["let rate = 0.1\nprint \"the rate is $rate\" (2 * $rate)"],
    "stages expect": [
      "data iris.csv | split test=20% seed=1 | model < output > | compile metrics=accuracy\nfit epochs=3 seed=1 | evaluate | expect test_accuracy > 0.1"
    ],
    "stages save": ["data iris.csv | model < output > | fit epochs=3 seed=1 | save iris.safetensors"],
    "layers dense": ["model < dense 32 relu; dense 16 tanh init=he_normal l2=0.001; output >"],
    "layers activation": ["model < dense 8; batchnorm; activation relu; output >"],
    "layers leaky_relu": ["model < dense 8; leaky_relu; output >"],
    "layers prelu": ["model < dense 8; prelu; output >"],
    "layers input": ["model < input 4; dense 8 relu; dense 2 >"],
    "layers output": ["data iris.csv target=species | model < dense 8 relu; output > | fit epochs=3 seed=1"],
    "layers repeat": ["model < repeat 3 < dense 16 relu; dropout 10% > output >"],
    "layers residual": ["model < dense 16 relu; residual < dense 16 relu; dense 16 > output >"],
    "layers parallel": ["model < parallel < < dense 8 relu > < dense 4 tanh > > output >"],
    "layers dropout": ["model < dense 32 relu; dropout 20%; output >"],
    "layers alpha_dropout": ["model < dense 32 selu init=lecun_normal; alpha_dropout 10%; output >"],
    "layers gaussian_dropout": ["model < dense 32 relu; gaussian_dropout 20%; output >"],
    "layers noise": ["model < noise 0.1; dense 32 relu; output >"],
    "layers batchnorm": ["model < dense 32; batchnorm; activation relu; output >"],
    "layers layernorm": ["model < dense 32 relu; layernorm; output >"],
    "layers rmsnorm": ["model < dense 32 relu; rmsnorm; output >"],
    "layers unit_norm": ["model < dense 32 relu; unit_norm; output >"],
  ]

  /// What the hand-written examples are of; a test looks for those whose owner has gone.
  static var exampleOwners: [String] { examples.keys.sorted() + calls.keys.sorted() }
}
