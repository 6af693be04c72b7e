import NN

@testable import NNCommand

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// NAME=VALUE, any number of times, apart by NUL, as the environment: widths, folders, the terminal's name, the locale. What is shown in
/// them is text, and a history is kept where they say or nowhere.
@_cdecl("fuzz_environment")
public func fuzzEnvironment(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Folders are made beneath a folder of the process's own, which it stands in.
  let inputs = bytes(start, count).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  if inputs.contains(where: { $0.contains("..") }) { return 0 }
  mkdir(scratch, 0o700)
  chdir(scratch)
  for name in names { unsetenv(name) }
  for input in inputs {
    guard let sign = input.firstIndex(of: "="), names.contains(String(input[..<sign])) else { continue }
    let value = String(input[input.index(after: sign)...])
    setenv(String(input[..<sign]), value.hasPrefix("/") ? scratch + value : value, 1)
  }
  defer { for name in names { unsetenv(name) } }
  setlocale(LC_ALL, "")
  var options = RunOptions()
  options.width = Output.standard.width
  options.usesColor = ColorChoice.auto.isOn(for: .standard)
  options.tables = smallTables
  var interpreter = Interpreter()
  let result = interpreter.run(script, options: options)
  if result.status != .done { fatalError("a script does not run: \(result.diagnostics.map(\.message))") }
  let mistaken = Interpreter().check(
    SourceFile(name: "s.nn", text: "dat t | fitt epochs=x"), options: options)
  let text = Renderer(usesColor: false, width: options.width).text(of: mistaken.diagnostics)
  if !isSafe(text) { fatalError("a problem is shown with control characters") }
  if let page = try? Help.pages(for: "fit").first {
    _ = page.text(width: options.width, usesColor: options.usesColor)
  }
  if let history = HistoryStore() {
    history.add("data table:t")
    _ = history.read()
    history.tidy()
  }
  return 0
}

private let script = SourceFile(
  name: "s.nn",
  text: """
    data table:t target=b | describe | head | model < dense 2 relu; output > | summary | fit epochs=2 seed=1 | plot history | evaluate
    plot predictions; plot model | plot weights
    """)

private let names = [
  "HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "COLUMNS", "TERM", "LC_ALL", "LC_CTYPE", "LANG",
  "NO_COLOR", "PAGER", "EDITOR",
  "VISUAL",
]

private let scratch = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/nn-fuzz-\(getpid())"
