import NNSyntax

/// Names that other libraries have, above all Keras, and nn has not: what does the same here. Names are looked up without
/// case and `_`, so that `LearningRateScheduler` and `learning_rate_scheduler` are one.
enum Elsewhere {
  /// The stage that does what another program calls so.
  static func stage(for name: String) -> String? { stages[plain(name)] }

  private static let stages: [String: String] = [
    "load": "data", "open": "data", "read": "data", "csv": "data", "import": "data", "readcsv": "data",
    "train": "fit", "learn": "fit", "sequential": "model", "network": "model", "loadmodel": "model",
    "test": "evaluate", "score": "evaluate", "infer": "predict",
    "assert": "expect", "check": "expect", "require": "expect", "ensure": "expect", "verify": "expect",
    "traintestsplit": "split", "normalize": "scale", "standardize": "scale", "standardscaler": "scale",
    "minmaxscaler": "scale minmax", "fillna": "impute", "dropna": "impute", "simpleimputer": "impute",
    "robustscaler": "scale robust", "quantiletransformer": "scale quantile",
    "onehot": "encode onehot", "onehotencoder": "encode onehot", "getdummies": "encode onehot",
    "ordinalencoder": "encode ordinal", "labelencoder": "encode ordinal", "hashing": "encode hash",
    "featurehasher": "encode hash", "todatetime": "encode date", "date": "encode date",
    "classweight": "balance", "weights": "balance",
    "history": "plot history", "where": "filter", "query": "filter",
    "confusionmatrix": "confusion", "classificationreport": "confusion", "write": "save", "savemodel": "save",
    "echo": "print", "show": "head", "info": "describe",
  ]

  /// The layer that another library calls so.
  static func layer(for name: String) -> String? {
    ["linear", "fc", "fullyconnected", "lazylinear"].contains(plain(name)) ? "dense" : nil
  }

  /// A sentence for a message's help; nil for a name that nobody is known to bring.
  static func advice(onLayer name: String) -> String? { layers[plain(name)] }

  static func advice(on kind: ComponentKind, _ name: String) -> String? {
    switch kind {
    case .loss: losses[plain(name)]
    case .callback: callbacks[plain(name)]
    case .metric: metrics[plain(name)]
    case .activation, .initializer, .regularizer, .constraint, .optimizer, .schedule: nil
    }
  }

  /// - Parameter owner: the stage, layer or component that was given the option.
  static func advice(onOption name: String, of owner: String) -> String? {
    if plain(name) == "decay", owner == "compile" || Catalog.component(.optimizer, named: owner) != nil {
      return decay
    }
    return options["\(owner) \(plain(name))"] ?? options[plain(name)]
  }

  /// What is likely meant by a word of no option's, behind the options that stand without their names.
  static func advice(onWord word: String, of owner: String) -> String? {
    switch owner {
    case "data" where isName(word): "write `target=\(word)` if it is the column to predict"
    case "data": "write several files as a list: `data [a.csv, b.csv]`"
    case "fit" where isName(word):
      "a column to predict is named where the data is opened: `data FILE target=\(word)`"
    default: nil
    }
  }

  /// The name without what spellings differ in.
  static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }

  private static let layers: [String: String] = [
    "flatten": flat, "reshape": flat, "permute": flat, "repeatvector": flat,
    "concatenate": "`parallel < < … > < … > >` puts blocks side by side and joins what they give",
    "add": "`residual < … >` adds what its block makes to what flows in",
    "normalization": "`scale standard` stands before the model, as a stage",
    "rescaling": "`scale minmax` stands before the model, as a stage",
    "categoryencoding": words, "stringlookup": words, "integerlookup": words, "hashing": words,
    "embedding": words, "textvectorization": words,
    "activityregularization": "`dense` takes it as an option: `activity_l1=`, `activity_l2=`",
    "conv1d": dense, "conv2d": dense, "conv3d": dense, "maxpooling1d": dense, "maxpooling2d": dense,
    "lstm": dense, "gru": dense, "simplernn": dense, "attention": dense, "multiheadattention": dense,
  ]
  private static let flat = "a row of a table is flat already: leave it out"
  private static let words =
    "a column of words becomes one column a category by itself; `encode`, a stage before the model, makes other numbers of it"
  private static let dense = "nn trains dense networks on tables"

  private static let losses: [String: String] = [
    "logloss": crossentropy, "nll": crossentropy, "nllloss": crossentropy, "crossentropy": crossentropy,
    "crossentropyloss": crossentropy, "bceloss": crossentropy,
    "bcewithlogits": logits, "bcewithlogitsloss": logits,
    "focal": focal, "focalloss": focal,
    "l1": "it is `mae`", "l1loss": "it is `mae`", "l2": "it is `mse`", "mseloss": "it is `mse`",
    "squarederror": "it is `mse`", "absoluteerror": "it is `mae`", "smoothl1": "it is `huber`",
    "rmse": "what makes `mse` small makes its root small; `metrics=rmse` shows it",
    "rootmeansquarederror": "what makes `mse` small makes its root small; `metrics=rmse` shows it",
  ]
  private static let crossentropy =
    "for two classes it is `binary_crossentropy`, for several `sparse_categorical_crossentropy`; `output` brings the right one"
  private static let logits = "it is `binary_crossentropy(from_logits=true)`"
  private static let focal = "there are `binary_focal_crossentropy` and `categorical_focal_crossentropy`"

  private static let callbacks: [String: String] = [
    "learningratescheduler":
      "a schedule does it: `compile lr=cosine(0.1, steps=1000)`, or `exponential`, `piecewise` …",
    "lambdacallback": "a program that embeds nn can add its own; `nn run --json` tells of every epoch",
    "swapemaweights": "leave it out: `evaluate`, `predict` and `save` use the averages anyway",
    "remotemonitor": "`nn run --json` writes every epoch as a line",
    "progbarlogger": "leave it out: a fit shows how it gets on",
    "history": "leave it out: `plot history` and `csv_logger(FILE)` show the epochs",
  ]

  private static let metrics: [String: String] = [
    "loss": "leave it out: the loss is always measured",
    "valloss": "leave it out: the loss of validation rows is always measured",
    "confusionmatrix": "`confusion` is a stage, behind `fit`",
    "rocauc": "it is `auc`", "prauc": "it is `auc(curve=pr)`",
    "balancedaccuracy": "it is the mean of the classes' recalls, which `confusion` shows",
  ]

  private static let options: [String: String] = [
    "fit verbose": "a fit shows how it gets on; `--no-progress` and `--quiet` show less",
    "verbose": "leave it out: a fit tells what its callbacks do, and `--quiet` shows less",
    "fit initialepoch": "leave it out: a second `fit` counts on by itself",
    "fit sampleweight": "name their column where the data is opened: `data FILE weight=COLUMN`",
    "fit validationsteps": "leave it out: all validation rows are looked at",
    "fit validationbatchsize": "leave it out: it does not change what is measured",
    "fit x": "name the columns where the data is opened: `data FILE features=[…]`",
    "fit target": target, "fit targets": target, "fit label": target, "fit labels": target,
    "fit features": "name the columns where the data is opened: `data FILE features=[…]`",
    "fit ignore": "name the columns where the data is opened: `data FILE ignore=[…]`",
    "fit weight": "name the column where the data is opened: `data FILE weight=COLUMN`",
    "fit y": target,
    "data x": "it is `features=[…]`", "data y": "it is `target=`",
    "data label": "it is `target=`", "data labels": "it is `target=`",
    "fit workers": threads, "fit usemultiprocessing": threads, "fit maxqueuesize": threads,
    "split testsize": "it is `test=`", "split valsize": "it is `val=`",
    "split validationsize": "it is `val=`",
    "split train": rest, "split trainsize": rest, "randomstate": "it is `seed=`",
    "compile runeagerly": always, "compile jitcompile": always, "compile stepsperexecution": always,
    "compile autoscaleloss": always,
    "compile lossweights": "leave it out: there is one loss; `class_weight=` of `fit` weighs classes",
    "name": "leave it out: layers, losses and optimizers have no names of their own",
    "trainable": "every layer is trained",
    "dtype": "leave it out: all numbers are float32",
    "seed": "leave it out: `seed=` of `fit` decides every random draw",
    "encode handleunknown":
      "leave it out: an unseen category is all zeros, or rare where rare ones share a column",
    "encode sparseoutput": "leave it out: what a network takes is dense",
    "encode numbins": "it is `buckets=`", "encode nfeatures": "it is `buckets=`",
    "encode categories": "it is `order=[…]`, of one kind of column",
    "scale nquantiles": "leave it out: there are up to 1,000",
    "output units": output, "output activation": output,
  ]
  private static let rest = "leave it out: the rows that `test=` and `val=` do not take train"
  private static let target = "name the column where the data is opened: `data FILE target=COLUMN`"
  private static let threads = "leave it out: `--threads N` sets how many, and all are used without it"
  private static let always = "leave it out: there is one way to compute, always compiled"
  private static let decay =
    "a schedule lowers the rate: `lr=inverse_time(0.01, decay_steps=1, decay_rate=0.001)`; `weight_decay=` lowers the weights"
  private static let output =
    "`output` takes its units and activation from the target; `dense N ACTIVATION` says them itself"
}
