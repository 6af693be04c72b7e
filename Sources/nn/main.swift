import NNCommand

let arguments = Array(CommandLine.arguments.dropFirst())
giveWayToRanks(arguments)
exitProgram(runCommandLine(arguments))
