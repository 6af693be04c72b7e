import NN

/// What the shell needs of the program around it: everything that touches a terminal, a file, another program.
public protocol ShellHost {
  /// The terminal's width.
  var columns: Int { get }
  /// Whether the terminal shows Unicode.
  var isUnicode: Bool { get }

  /// Runs a source on the interpreter and shows what comes of it.
  /// - Parameter log: to be told of all that happens.
  func run(_ source: SourceFile, on interpreter: inout Interpreter, _ settings: ShellSettings, log: FitLog)
    -> ShellRun

  /// Shows a text of the shell's own.
  func say(_ text: String)

  /// Shows a page of help.
  func show(_ page: HelpPage)

  /// Lets the user change a text.
  func edit(_ text: String) -> Result<String, ShellProblem>

  func read(_ path: String) -> Result<SourceFile, ShellProblem>
  func write(_ text: String, to path: String) -> ShellProblem?
}

/// What became of a statement.
public struct ShellRun: Sendable {
  public var result: Interpreter.Result
  public var seconds: Double
  /// Whether the shell is to go on; not after TERM or HUP.
  public var goesOn: Bool

  public init(_ result: Interpreter.Result, seconds: Double = 0, goesOn: Bool = true) {
    self.result = result
    self.seconds = seconds
    self.goesOn = goesOn
  }
}

/// Something that could not be done, in words.
public struct ShellProblem: Error, Sendable, Equatable {
  public var message: String
  public init(_ message: String) { self.message = message }
}
