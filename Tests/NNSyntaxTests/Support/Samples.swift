/// Valid texts that between them use the whole grammar; the fuzzers cut them up.
let validSamples = [
  "model < dense 6 relu input 4; dense 6 relu; dense 2 > compile loss=mae opt=sgd; fit data.csv epochs=100 seed=42",
  """
  #!/usr/bin/env nn
  param epochs=100
  param dir
  include "common stages.nn"
  let lr = 0.01
  let opt = adam(lr=$lr, beta_1=0.9)
  let base = data iris.csv target=species types=[zip:categorical, "zip code:numeric"]
    # a comment between
    | split test=20% val=10% stratify

    | scale standard
  $base | model <
    dense 16 relu
    repeat 3 < dense (2 * $width + 1) relu; dropout 20% >
    parallel < < dense 3 > < dense 4; batchnorm > >
    residual < dense 8 > output
  > compile metrics=[accuracy, mae,] |
    fit epochs=$epochs callbacks=[early_stopping(monitor=val_loss, patience=3), csv_logger("log.csv")] \\
      batch=32 seed=1
  expect val_accuracy >= 0.9
  print "best: ${lr}% of $epochs" 'raw $text' (1+2*-$x/(3-4))
  """,
  "def block(width, rate=10%,) {\n  dense $width relu; dropout $rate\n}\r\nsweep lr=[0.1, 0.01] width=log(1e-4, 1e-1) "
    + "{ model < block 8; output > | compile; fit patience=3 } best val_loss | save \"$dir/best.onnx\"",
  "folds 5 { seeds 10 { fit } }; filter \"zip code\" != 'a b'; select a b | drop c; let n = []; let m = $base",
]

/// Pieces that tokens are made of, for soups.
let soupPieces = [
  "let", "def", "param", "include", "filter", "expect", "model", "dense", "fit", "predict", "parallel",
  "repeat", "x",
  "data.csv", "6", "0.5", "20%", "1e-3", "epochs:", "and", "$x", "${x}", "$", "\"a $b\"", "'raw'", "\"open",
  "'open", "\\",
  "\\\n", "#c", "#c\n", ";", "|", "<", ">", "(", ")", "[", "]", "{", "}", "=", ",", "<=", ">=", "==", "!=",
  "!", "`q`", "`",
  "“a”", "“", "\u{A0}", "\u{1B}", "\0", "\n", "\r\n", "\r", " ", " ", " ", "\t", "名前", "é", "+", "-", "*",
  "/", "(1+2)",
  "adam(", "adam (", "x=", "let a =", "< dense 3", "{ fit",
]
