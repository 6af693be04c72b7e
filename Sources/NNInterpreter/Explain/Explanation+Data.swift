extension Explanation {
  /// Files and columns.
  static let data: [Explanation] = [
    Explanation(
      "E0401", "a file that cannot be read", "Relative paths are looked up from the folder that nn runs in.",
      wrong: "data irsi.csv", right: "data iris.csv"),
    Explanation(
      "E0402", "a column that there is none", "Columns have the names of the file's first line.",
      wrong: "data iris.csv target=specie", right: "data iris.csv target=species"),
    Explanation(
      "E0403", "a column in two places",
      "A column is a feature, a target, a weight or ignored, one of these.",
      wrong: "data iris.csv target=species ignore=species",
      right: "data iris.csv target=species ignore=petal_width"),
    Explanation(
      "E0404", "missing values",
      "A network takes a number for each feature. `impute` fills holes; `ignore=` leaves columns out.",
      wrong: "data holes.csv | model < output > | fit epochs=1 seed=1",
      right: "data holes.csv | impute mean | model < output > | fit epochs=1 seed=1",
      files: ["holes.csv": "a,b,y\n1,2,3\n2,,5\n3,1,4\n4,2,6"]),
    Explanation(
      "E0405", "an ending that nn does not know", "A file's ending says what is written into it.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | save iris.h5",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 | save iris.safetensors"),
    Explanation(
      "E0406", "a file that is elsewhere",
      "nn reads files of this machine. Fetch it first, with curl for example.",
      wrong: "data https://example.org/iris.csv", right: "data iris.csv"),
    Explanation(
      "E0407", "a column's type that cannot be read", "`types=` takes `NAME:numeric` and `NAME:categorical`.",
      wrong: "data cars.csv types=[origin]", right: "data cars.csv types=[origin:categorical]"),
    Explanation(
      "E0408", "a file that is no model", "`model FILE` opens what `save` or a checkpoint has written.",
      wrong: "model notes.safetensors",
      right:
        "data iris.csv | model < output > | fit epochs=1 seed=1 | save m.safetensors\nmodel m.safetensors",
      files: ["notes.safetensors": "not a model"]),
    Explanation(
      "E0409", "a column of words where numbers are wanted", "`scale` works on numbers.",
      wrong: "data iris.csv | scale standard columns=species",
      right: "data iris.csv | scale standard columns=petal_width"),
    Explanation(
      "E0410", "a file that the script reads and would write over", "Give what is written a name of its own.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | predict to=iris.csv",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 | predict to=answers.csv"),
    Explanation(
      "E0411", "a pattern that no file matches", "`*` and `?` in a path stand for any signs of a name.",
      wrong: "data irses-*.csv",
      right: "data iris*.csv"),
    Explanation(
      "E0413", "a table that cannot stream, or an amount of memory that is none",
      "`stream` reads a file again and again while a model trains, so standard input will not do. `memory=` says how much of its rows may be held at a time.",
      wrong: "data iris.csv stream memory=lots",
      right: "data iris.csv stream memory=64M"),
    Explanation(
      "W0401", "features on very different scales",
      "A feature of thousands drowns one of thousandths: training is slow or fails. `scale standard` brings them to mean 0 and deviation 1.",
      wrong: "data wide.csv | model < output > | fit epochs=1 seed=1",
      right: "data wide.csv | scale standard | model < output > | fit epochs=1 seed=1",
      files: [
        "wide.csv":
          "income,share,y\n20000,0.01,1\n23000,0.02,2\n26000,0.01,3\n29000,0.04,4\n32000,0.03,5\n35000,0.05,6\n38000,0.02,7\n41000,0.07,8\n44000,0.03,9\n47000,0.01,10"
      ]),
    Explanation(
      "W0402", "values that training has not seen",
      "A category that was in no training row, or a hole where there was none, is handled as the preparation was trained to, and counted here.",
      wrong:
        "data iris.csv | impute mean | model < output > | fit epochs=1 seed=1\npredict new.csv to=answers.csv",
      right:
        "data iris.csv | impute mean | model < output > | fit epochs=1 seed=1\npredict iris.csv to=answers.csv",
      files: ["new.csv": "sepal_length,sepal_width,petal_length,petal_width\n5.1,,1.4,0.2"]),
    Explanation(
      "W0403", "patience without validation rows",
      "`patience` stops a fit that no longer gets better on rows that it does not learn from. Without such rows it can only watch the training loss, which falls as long as the network learns by heart.",
      wrong: "data iris.csv | model < output > | fit epochs=2 patience=1 seed=1",
      right: "data iris.csv | split val=20% | model < output > | fit epochs=2 patience=1 seed=1"),
    Explanation(
      "E0426", "a fit that cannot be sealed",
      "A seal promises that its script gives the same weights again, bit for bit. That holds for tables in files and for a fit that stands by itself; not for standard input and tables in memory, which nobody else has, for a program's own callbacks, losses and activations, nor within `sweep`, `folds` and `seeds`: there, seal a fit behind `best`.",
      wrong: "data iris.csv | seeds 2 { model < output > | fit epochs=1 seal=run.nns }",
      right: "data iris.csv | model < output > | fit epochs=1 seal=run.nns"),
    Explanation(
      "W0404", "a model whose weights are not those that were saved",
      "A model file carries a digest of its weights. Another program has changed them since, or the file is damaged."
    ),
  ]

  /// The command line.
  static let commandLine: [Explanation] = [
    Explanation(
      "E0501", "a script that cannot be read",
      "The file named on the command line is not there, is a folder, or may not be read: `nn run SCRIPT`."),
    Explanation(
      "E0502", "a seal that cannot be read",
      "The file named on the command line is not there, is a folder, or may not be read: `nn verify SEAL`."),
    Explanation(
      "E0503", "a file of a sealed fit that is not there",
      "A seal names the files that its fit read, as the script did, and `nn verify` looks them up from the working folder. Change to the folder in which the script was run, or put them there."
    ),
    Explanation(
      "E0520", "a command line that is not understood",
      "An argument is missing, or an option is not one of this command's. `nn COMMAND --help` tells how it is written: `nn predict --help`."
    ),
    Explanation(
      "E0521", "a table in the place of the model",
      "`nn predict` and `nn evaluate` take the model first, then the table: `nn predict iris.safetensors flowers.csv`."
    ),
    Explanation(
      "E0522", "several processes that cannot share a script",
      "`mpirun` has started nn several times. `nn-mpi`, which `make mpi` builds, is the program whose processes train together; `mpirun nn` starts it in their place where it lies beside `nn` or on the PATH. Its MPI must let two threads of a process send at a time, as Open MPI and MPICH do."
    ),
  ]
}
