extension Explanation {
  private static let people =
    "name,size,age\n"
    + (0..<60).map { "name \($0),\($0 * 7 % 5),\(20 + $0 * 13 % 40)\n" }.joined()

  private static let weights =
    "x,pounds,kilos\n"
    + (0..<40).map { "\($0 * 3 % 7),\(Double($0 * 11 % 37) * 4409 / 1000),\($0 * 11 % 37 * 2)\n" }.joined()

  /// Preparation, and what a table shows before it hurts.
  static let preparation: [Explanation] = [
    Explanation(
      "E0430", "a step for a column that is no feature",
      "`encode` makes features of columns: targets, weights and ignored columns are none.",
      wrong: "data iris.csv target=species | encode onehot columns=species",
      right: "data cars.csv target=mpg | encode onehot columns=origin"),
    Explanation(
      "E0431", "a step that does not fit what its column holds",
      "An order names every category of the training rows; a column of dates holds some; and so on.",
      wrong:
        "data sizes.csv target=price | encode ordinal columns=size order=[S, M] | model < output > | fit epochs=1 seed=1",
      right:
        "data sizes.csv target=price | encode ordinal columns=size order=[S, M, L] | model < output > | fit epochs=1 seed=1",
      files: ["sizes.csv": "size,price\nS,10\nM,21\nL,22\nS,11\n"]),
    Explanation(
      "E0432", "a column where a fill is wanted",
      "`impute` says first what holes are filled with, and `columns=` which ones. Where a text is to be put in that is a column's name, too, `columns=` says so.",
      wrong: "data iris.csv | impute petal_width",
      right: "data iris.csv | impute mean columns=petal_width"),
    Explanation(
      "W0310", "targets that the last layer cannot reach",
      "relu gives nothing below 0, tanh nothing beyond 1. `output` ends a model as the target needs it.",
      wrong:
        "data signed.csv target=y | model < dense 4 relu; dense 1 relu > | compile loss=mse | fit epochs=1 seed=1",
      right: "data signed.csv target=y | model < dense 4 relu; output > | fit epochs=1 seed=1",
      files: ["signed.csv": "x,y\n1,-2\n4,0.5\n2,3\n7,-1\n5,2\n"]),
    Explanation(
      "W0405", "text of too many different values",
      "A column each would be too many, so the text is left out. `encode hash` keeps it in a fixed number of columns, `encode date` takes dates apart, `ignore=` says that it is meant to be left out.",
      wrong: "data people.csv target=age | model < output > | fit epochs=1 seed=1",
      right: "data people.csv target=age ignore=name | model < output > | fit epochs=1 seed=1",
      files: ["people.csv": people]),
    Explanation(
      "W0406", "a feature that does not vary",
      "What is the same in every training row cannot tell rows apart.",
      wrong: "data five.csv target=y | model < output > | fit epochs=1 seed=1",
      right: "data five.csv target=y ignore=five | model < output > | fit epochs=1 seed=1",
      files: ["five.csv": "x,five,y\n1,5,2\n4,5,0.5\n2,5,3\n7,5,1\n5,5,2.5\n"]),
    Explanation(
      "W0407", "a column that numbers the rows",
      "It goes up by one from row to row, so a network learns from it where a row stands in this file, which says nothing of another.",
      wrong: "data numbered.csv target=y | model < output > | fit epochs=1 seed=1",
      right: "data numbered.csv target=y ignore=id | model < output > | fit epochs=1 seed=1",
      files: [
        "numbered.csv":
          "id,x,y\n1,4,2\n2,1,0.5\n3,6,3\n4,2,1\n5,9,2.5\n6,3,1.5\n7,8,4\n8,5,2\n9,7,3.5\n10,2,0.8\n11,6,2.2\n12,1,0.4\n"
      ]),
    Explanation(
      "W0408", "dates whose day and month cannot be told apart",
      "No training row holds a day above 12. The month is taken to stand first, unless `dayfirst=` says otherwise.",
      wrong:
        "data days.csv target=y | encode date columns=when parts=month cyclic=false | model < output > | fit epochs=1 seed=1",
      right:
        "data days.csv target=y | encode date columns=when parts=month cyclic=false dayfirst=true | model < output > | fit epochs=1 seed=1",
      files: ["days.csv": "when,y\n1/3/2024,1\n2/1/2024,2.5\n5/2/2024,3\n1/12/2023,4.5\n3/11/2023,2\n"]),
    Explanation(
      "W0409", "a feature that gives the target away",
      "It is the target in other units, or each of its values stands with one class only. If it is not known when the model is used, what is learned from it is of no use.",
      wrong: "data weights.csv target=kilos | model < output > | fit epochs=1 seed=1",
      right: "data weights.csv target=kilos ignore=pounds | model < output > | fit epochs=1 seed=1",
      files: ["weights.csv": weights]),
    Explanation(
      "W0410", "rows without a target",
      "Nothing can be learned from them or measured on them, so they are left out and counted. `predict` answers them.",
      wrong: "data hollow.csv target=y | model < output > | fit epochs=1 seed=1",
      right: "data whole.csv target=y | model < output > | fit epochs=1 seed=1",
      files: [
        "hollow.csv": "x,y\n1,2\n4,\n2,3\n7,1\n5,2.5\n", "whole.csv": "x,y\n1,2\n4,0.5\n2,3\n7,1\n5,2.5\n",
      ]),
  ]
}
