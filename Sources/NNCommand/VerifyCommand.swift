import ArgumentParser
import NN

/// `nn verify SEAL`: trains a sealed fit again, and proves that its weights are the same, bit for bit.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Trains a sealed fit again and proves that every bit is the same, or names the first epoch that differs.",
    discussion: """
      `fit … seal=run.nns` writes a seal. Tables are looked up from the working folder, as the script's are;
      nothing is written. The status is 0 if all is the same.
      """)

  @Argument(help: "A seal that `fit … seal=FILE` wrote.", completion: .file(extensions: ["nns"]))
  var seal: String
  @OptionGroup var options: RunningOptions

  func validate() throws {
    if !options.settings.isEmpty {
      throw ValidationError("The seal has the values of its script; --set changes none of them.")
    }
  }

  func run() throws {
    let console = Console(options, script: seal)
    let signals = SignalWatcher.start()
    console.begin()
    let result = signals.watching { stop in
      Interpreter.verify(seal, options: options.runOptions, stop: stop, observer: console)
    }
    let status = signals.status ?? ExitStatus(result.status)
    console.end(result.diagnostics, status: status)
    if status != .done { throw status }
  }
}
