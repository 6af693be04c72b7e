extension Explanation {
  /// What is shown, measured and decided of a model's answers.
  static let outcomes: [Explanation] = [
    Explanation(
      "E0370", "a picture of numbers for a target of classes",
      "Residuals are the differences of numbers. What a model says of classes is seen in a confusion matrix, in the ROC and precision-recall curves, and in the calibration of its probabilities.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | plot residuals",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 | plot confusion"),
    Explanation(
      "E0371", "a file's ending that no picture has",
      "The ending says what is written: `.svg` for pages and further work, `.png` for wherever that is not taken, `.html` for a page that opens by itself.",
      wrong: "data iris.csv | model < output > | fit epochs=2 seed=1 | plot history to=curve.jpg",
      right: "data iris.csv | model < output > | fit epochs=2 seed=1 | plot history to=curve.svg"),
    Explanation(
      "E0372", "nothing to learn from but what the model knows already",
      "A model is surer of its training rows than of others, so temperature and threshold are learned from the validation part: not from the rows that trained it, and not from those that are to measure it afterwards.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | calibrate",
      right:
        "data iris.csv | split val=20% seed=1 | model < output > | compile lr=0.05 | fit epochs=20 seed=1 | calibrate"
    ),
    Explanation(
      "E0373", "a model that cannot be calibrated",
      "Calibration scales the values that `softmax` or `sigmoid` makes probabilities of, and does so in the dense layer's weights: then everything that uses the model has it. So a dense layer has to stand right before them.",
      wrong:
        "data iris.csv | split val=20% seed=1 | model < dense 3; batchnorm; activation softmax >\ncompile loss=sparse_categorical_crossentropy lr=0.05 | fit epochs=20 seed=1 | calibrate",
      right:
        "data iris.csv | split val=20% seed=1 | model < dense 3; activation softmax >\ncompile loss=sparse_categorical_crossentropy lr=0.05 | fit epochs=20 seed=1 | calibrate"
    ),
    Explanation(
      "E0374", "a threshold where there is none to set",
      "Of two classes the second is said above a probability, which can be moved. Of more classes the most probable is said, and of numbers none is. Hinge losses compare margins, which are no probabilities.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | threshold 0.3",
      right:
        "data iris.csv | filter species != setosa | model < output > | fit epochs=1 seed=1 | threshold 0.3"),
    Explanation(
      "E0375", "no runs to draw",
      "`plot runs` sets the runs of a `sweep`, of `folds` or of `seeds` side by side. A single fit's course is `plot history`.",
      wrong: "data iris.csv | model < output > | fit epochs=2 seed=1 | plot runs",
      right:
        "data iris.csv | split val=20% seed=1\nsweep lr=[0.1, 0.01] { model < output > | compile lr=$lr | fit epochs=2 seed=1 } | plot runs"
    ),
    Explanation(
      "E0376", "a metric that cannot say what is better",
      "Importance is by how much something gets worse, so it has to be known whether that is by rising or by falling; and of runs only what they measured can be drawn.",
      wrong:
        "data iris.csv | filter species != setosa | split test=20% seed=1\nmodel < output > | fit epochs=1 seed=1 | importance metric=true_positives",
      right:
        "data iris.csv | filter species != setosa | split test=20% seed=1\nmodel < output > | fit epochs=1 seed=1 | importance metric=precision"
    ),
    Explanation(
      "E0377", "an option of a file, and no file",
      "A terminal has its own width and colours. `theme=` and `width=` are of a picture that is written to a file.",
      wrong: "data iris.csv | model < output > | fit epochs=2 seed=1 | plot history theme=dark",
      right: "data iris.csv | model < output > | fit epochs=2 seed=1 | plot history theme=dark to=curve.svg"),
    Explanation(
      "E0378", "shards that the ranks cannot share",
      "Under `mpirun` the ranks share the shards of each batch: all take as many, and they are a power of two, so that the sum is the same on any number of them. `shards=64` can be shared by 1, 2, 4 … 64 ranks, with the same weights."
    ),
    Explanation(
      "E0379", "more shards than rows in a batch",
      "`shards=` cuts each batch, and a shard has at least a row of it.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 batch=16 shards=32",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 batch=32 shards=32"),
    Explanation(
      "E0380", "standard input of several ranks",
      "`mpirun` hands its standard input to the first rank, and each rank reads the table."),
    Explanation(
      "E1080", "a PNG that could not be drawn",
      "PNG is drawn by cairo, which is looked for when it is needed; the variable NN_CAIRO says where its library lies, if that is an unusual place. SVG and HTML need nothing."
    ),
    Explanation(
      "E1081", "rows that a threshold or a calibration cannot be learned from",
      "To tell two classes apart, both have to be among the rows; and rows whose target is missing say nothing.",
      wrong:
        "data iris.csv | filter species != setosa | model < output > | fit epochs=1 seed=1 | threshold f1 path=one.csv",
      right:
        "data iris.csv | filter species != setosa | model < output > | fit epochs=1 seed=1 | threshold f1 path=two.csv",
      files: [
        "one.csv":
          "sepal_length,sepal_width,petal_length,petal_width,species\n6.3,3.3,6,2.5,virginica\n5.8,2.7,5.1,1.9,virginica",
        "two.csv":
          "sepal_length,sepal_width,petal_length,petal_width,species\n6.3,3.3,6,2.5,virginica\n7,3.2,4.7,1.4,versicolor",
      ]),
    Explanation(
      "W0370", "importance by rows that trained the model",
      "What a model learned by heart looks important on the rows that it learned from. `split test=20%` sets rows aside that tell what helps with new ones.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | importance",
      right: "data iris.csv | split test=20% seed=1 | model < output > | fit epochs=1 seed=1 | importance"),
    Explanation(
      "W1081", "nothing to be learned of doubts",
      "Where a model is right about every validation row, the surest probabilities would fit them best, and no temperature is the best one. The model stays as it is; more or harder rows would tell.",
      wrong:
        "data sure.csv | split val=50% seed=1 | model < output > | compile opt=sgd lr=1 | fit epochs=50 seed=1 | calibrate",
      right:
        "data iris.csv target=species | split val=30% seed=1 | model < output > | compile lr=0.05 | fit epochs=20 seed=1 | calibrate",
      files: [
        "sure.csv": "x,y\n" + (0..<20).map { $0 % 2 == 0 ? "1.5,yes" : "-1.5,no" }.joined(separator: "\n")
      ]),
  ]
}
