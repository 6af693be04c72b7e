import NNCommand

let arguments = Array(CommandLine.arguments.dropFirst())
exitProgram(runCommandLine(arguments))
