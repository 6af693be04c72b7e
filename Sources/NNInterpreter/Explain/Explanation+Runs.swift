extension Explanation {
  /// What goes wrong in a run: the script is right, and its data or its training is not.
  static let runs: [Explanation] = [
    Explanation(
      "E1000", "something unforeseen",
      "This is a mistake of nn itself. What was trained before it is kept. Please report it, with the script and the message."
    ),
    Explanation(
      "E1001", "a table that is not well formed",
      "Each row of a CSV has as many cells as the first line has names.",
      wrong: "data rows.csv | describe", right: "data iris.csv | describe",
      files: ["rows.csv": "a,b\n1,2\n3,4,5"]),
    Explanation(
      "E1002", "cells that are not numbers",
      "A column in which nearly every cell is a number is numeric, and its other cells are mistakes. `missing=` names words that mean a hole, `types=` makes a column one of words.",
      wrong: "data cells.csv | describe", right: "data cells.csv missing=[\"\", unknown] | describe",
      files: [
        "cells.csv": "a,b\n" + (1...30).map { "\($0),\($0 % 7)" }.joined(separator: "\n") + "\nunknown,3"
      ]),
    Explanation(
      "E1003", "a loss that is no longer finite",
      "The steps were too long, and the weights grew without bound: a smaller `lr=`, `scale standard` or `clipnorm=1` helps. Or a layer or the loss left the range of a float: `exponential` of a large number, the logarithm of zero. The message names the batch's rows, the gradient's norm and the likely cause, and `why` behind the fit shows that step layer by layer.",
      wrong:
        "model < dense 6 relu; dense 2 > compile loss=mse opt=sgd(lr=1e6)\nfit data.csv epochs=10 seed=1",
      right:
        "data data.csv | scale standard\nmodel < dense 6 relu; dense 2 > compile loss=mse opt=sgd(lr=0.01)\nfit epochs=10 seed=1"
    ),
    Explanation(
      "E1004", "an `expect` that does not hold", "The script ends there, with status 1.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | evaluate\nexpect test_loss < 0",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 | evaluate\nexpect test_loss > 0"),
    Explanation(
      "E1005", "a file that cannot be written",
      "The disk is full, the folder may not be written to, or a part of the path is a file. What was trained is kept in rescue-DIGEST.safetensors, in the working folder, or where there is no room, in the home folder or that for temporary files.",
      wrong: "data iris.csv | model < output > | fit epochs=1 seed=1 | save iris.csv/m.safetensors",
      right: "data iris.csv | model < output > | fit epochs=1 seed=1 | save m.safetensors"),
    Explanation(
      "E1006", "the engine cannot go on",
      "What the network was given does not suit it, which the check before the run should have seen. Please report it, with the script."
    ),
    Explanation(
      "E1007", "no rows",
      "A part of the table that is to be worked on turned out to have no rows. Ask for a smaller share of them, or for another part."
    ),
    Explanation(
      "E1008", "a fit that turned out not to be one to seal",
      "Something that its weights come from cannot be had again: a table came through a pipe, or a clock ended a fit of the runs before it. Nothing was trained."
    ),
    Explanation(
      "E1009", "a file that is no seal, or a damaged one",
      "`fit … seal=run.nns` writes a seal, and `nn verify run.nns` reads it. It is a text that can be read and compared; what is changed in it is no longer what was trained."
    ),
    Explanation(
      "E1010", "other data than was sealed",
      "A seal has the SHA-256 of every file that its fit read, as `sha256sum` prints it, and a print of the rows that reached the network. One of them is another, so nothing was trained."
    ),
    Explanation(
      "E1011", "other weights than were sealed",
      "The same script and the same tables gave other bits, from the epoch on that is named. Between two versions of nn that may be, and the release says so; with the same version, on any number of threads and any processor that nn runs on, it is a mistake of nn: please report it, with the seal."
    ),
    Explanation(
      "E1020", "a callback that could not do its work",
      "What was trained until then is kept, and a `save` behind the fit keeps it for good.",
      wrong: "data iris.csv | model < output >\nfit epochs=1 seed=1 callbacks=[csv_logger(iris.csv/log.csv)]",
      right: "data iris.csv | model < output >\nfit epochs=1 seed=1 callbacks=[csv_logger(log.csv)]"),
    Explanation(
      "E1021", "a backup that is of another fit, or damaged",
      "`backup(FOLDER)` goes on where a fit was cut off, if script, data and seed are those of that fit. Else finish that one, or remove the folder.",
      wrong: "data iris.csv | model < output >\nfit epochs=2 seed=1 callbacks=[backup(kept)]",
      right: "data iris.csv | model < output >\nfit epochs=2 seed=1 callbacks=[backup(anew)]",
      files: ["kept/backup.safetensors": "cut off"]),
    Explanation(
      "W1020", "a fit that `terminate_on_nan` has ended",
      "The loss is no longer finite; the weights are those of the last whole epoch.",
      wrong:
        "model < dense 6 relu; dense 2 > compile loss=mse opt=sgd(lr=1e6)\nfit data.csv epochs=10 seed=1 callbacks=[terminate_on_nan]",
      right:
        "data data.csv | scale standard\nmodel < dense 6 relu; dense 2 > compile loss=mse opt=sgd(lr=0.01)\nfit epochs=10 seed=1 callbacks=[terminate_on_nan]"
    ),
    Explanation(
      "W1021", "a checkpoint without the value that it is named or chosen by",
      "With `validation_freq` not every epoch has values of validation rows.",
      wrong:
        "data iris.csv | split val=20% | model < output >\nfit epochs=2 seed=1 validation_freq=2 callbacks=[checkpoint(\"m-{val_loss:.2f}.safetensors\")]",
      right:
        "data iris.csv | split val=20% | model < output >\nfit epochs=2 seed=1 callbacks=[checkpoint(\"m-{val_loss:.2f}.safetensors\")]"
    ),
    Explanation(
      "W1022", "an epoch shorter than `steps_per_epoch`", "Where the rows end, the epoch ends too.",
      wrong: "data iris.csv | model < output >\nfit epochs=1 seed=1 steps_per_epoch=99",
      right: "data iris.csv | model < output >\nfit epochs=1 seed=1 steps_per_epoch=5"),
    Explanation(
      "W1023", "a class without training rows",
      "`validation_split` takes the last rows as they lie. Of a table that is sorted by class, they may be all of one. `split val=20%` takes its share of every class.",
      wrong: "data iris.csv | model < output >\nfit epochs=1 seed=1 validation_split=0.4",
      right: "data iris.csv | split val=40% | model < output >\nfit epochs=1 seed=1"),
    Explanation(
      "W1024", "validation rows that no epoch looks at",
      "`validation_freq` leaves out every epoch of this fit.",
      wrong: "data iris.csv | split val=20% | model < output >\nfit epochs=2 seed=1 validation_freq=5",
      right: "data iris.csv | split val=20% | model < output >\nfit epochs=5 seed=1 validation_freq=5"),
    Explanation(
      "W1025", "rows that the model gives no number for",
      "On the way through the network a number became larger than float32 can hold, or weights are not finite. Where a class is predicted, such a row has none, and its cell is empty.",
      wrong:
        "data iris.csv target=petal_width ignore=species | model < dense 1 exponential init=constant(100) > | compile mse\nfit epochs=0 seed=1\npredict",
      right:
        "data iris.csv target=petal_width ignore=species | scale standard | model < dense 1 softplus > | compile mse\nfit epochs=1 seed=1\npredict"
    ),
  ]
}
