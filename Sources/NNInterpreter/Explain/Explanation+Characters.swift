extension Explanation {
  /// Characters and strings.
  static let characters: [Explanation] = [
    Explanation(
      "E0101", "the text is not UTF-8",
      "Scripts are UTF-8. An editor that saves in another encoding, such as Latin-1, writes bytes that mean nothing here.",
      wrong: #"print "caf\xE9""#, right: #"print "café""#, isEscaped: true),
    Explanation(
      "E0102", "the text is UTF-16",
      "Some editors on Windows save as “Unicode”, by which they mean UTF-16. Save the file as UTF-8.",
      wrong: #"\xFF\xFEp\x00r\x00i\x00n\x00t\x00"#, right: "print 1", isEscaped: true),
    Explanation(
      "E0103", "a control character",
      "Characters that steer a terminal cannot be seen, so a script that holds them does not show what it says. In a string they are written as an escape.",
      wrong: #"print "bell\x07""#, right: #"print "bell\u{7}""#, isEscaped: true),
    Explanation(
      "E0104", "a blank that is no plain one",
      "Text copied from a web page or a word processor may hold no-break spaces and others that look like a blank. Outside strings only the plain blank and the tab separate.",
      wrong: "print\u{A0}1", right: "print 1"),
    Explanation(
      "E0105", "curly quotes",
      "Word processors turn straight quotes into curly ones. Only `\"` and `'` quote.",
      wrong: "print “hello”", right: "print \"hello\""),
    Explanation(
      "E0106", "backticks", "Backticks quote in shells and in Markdown. Here `'…'` and `\"…\"` do.",
      wrong: "print `hello`", right: "print 'hello'"),
    Explanation(
      "E0107", "a lone `!`", "`!` is half of `!=`, which compares. A word with `!` in it stands in quotes.",
      wrong: "print hello!", right: "print 'hello!'"),
    Explanation(
      "E0108", "a `$` without a name",
      "`$name` is the value that `let` or `param` gave to a name. A dollar sign of its own is written `\\$` in `\"…\"`, or stands in `'…'`.",
      wrong: "print $5", right: "print '$5'"),
    Explanation(
      "E0109", "a string that does not end",
      "A string ends on the line that it begins on, with the quote that it began with. `\\n` is a line end within.",
      wrong: "print \"hello", right: "print \"hello\""),
    Explanation(
      "E0110", "an escape that there is none",
      "In `\"…\"` a backslash begins an escape: `\\n`, `\\t`, `\\\"`, `\\\\`, `\\$` or `\\u{…}`. In `'…'` it is a character as any other, which suits paths of Windows.",
      wrong: #"print "C:\data""#, right: #"print 'C:\data'"#),
    Explanation(
      "E0111", "a `\\u{…}` that names no character",
      "Between the braces stands the number of a Unicode character in hexadecimal.",
      wrong: #"print "\u{zz}""#,
      right: #"print "\u{1F600}""#),
    Explanation(
      "E0112", "something other than a name in `${…}`",
      "A string may hold `$name` or `${name}`; the braces keep the name apart from letters behind it. What is to be computed is computed before, by `let`.",
      wrong: #"let n = 2; print "${n + 1} runs""#, right: #"let n = (2 + 1); print "${n} runs""#),
  ]
}
