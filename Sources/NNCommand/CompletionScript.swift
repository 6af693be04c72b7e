import ArgumentParser

/// `nn --generate-completion-script SHELL`: the parser's own script, with what it does not know: that `nn SCRIPT` runs a
/// script, and that `help` is a command of ours.
enum CompletionScript {
  /// The script that the arguments ask for; nil if they ask for something else, or for a shell that there is none for.
  static func requested(by arguments: [String]) -> String? {
    let option = "--generate-completion-script"
    let shell: String
    switch arguments.first {
    case option? where arguments.count == 2: shell = arguments[1]
    case let argument? where argument.hasPrefix(option + "=") && arguments.count == 1:
      shell = String(argument.dropFirst(option.count + 1))
    default: return nil
    }
    guard let shell = CompletionShell(rawValue: shell) else { return nil }
    return text(for: shell)
  }

  static func text(for shell: CompletionShell) -> String {
    var lines = NNCommand.completionScript(for: shell).split(
      separator: "\n", omittingEmptySubsequences: false)
    if shell == .bash || shell == .zsh { removeSecondHelp(&lines) }
    lines.removeAll { $0.contains("Show subcommand help information.") }
    var result: [Substring] = []
    for line in lines {
      if shell != .fish, line.hasSuffix("|help)") {
        result.append(line.dropLast("|help)".count) + ")")
        continue
      }
      if shell == .bash, line.contains("compgen -W '"), line.contains(" repl help'") {
        result.append(Substring(line.replacing(" repl help'", with: " repl'")))
        result.append("        __nn_add_completions -o plusdirs -fX '!*.@(nn)'")
        continue
      }
      result.append(line)
      if shell == .zsh, line.contains("_describe -V subcommand subcommands") {
        result.append("        _files -g '*.nn' && ret=0")
      }
      if shell == .fish, line.hasSuffix("complete -c 'nn' -f") {
        result.append(
          "complete -c 'nn' -n '__nn_should_offer_completions_for_positional \"nn\" -eq 1' -ka '(__fish_complete_suffix .nn)'"
        )
      }
    }
    return result.joined(separator: "\n")
  }

  /// The parser adds a `help` of its own, whose function would stand in the place of ours.
  private static func removeSecondHelp(_ lines: inout [Substring]) {
    let starts = lines.indices.filter { lines[$0].hasPrefix("_nn_help()") }
    guard starts.count == 2, let start = starts.last,
      let end = lines[start...].firstIndex(of: "}")
    else { return }
    lines.removeSubrange(start...end)
  }
}
