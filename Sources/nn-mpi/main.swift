import NNCommand
import NNMPI

// Signals first: the threads that MPI starts are to leave them to the one that waits for them.
watchSignals()
guard let ranks = MPIRanks() else {
  complain("this MPI lets only one thread of a process call it, and nn needs two: MPI_THREAD_MULTIPLE")
  exitProgram(.failed)
}
let status = runCommandLine(Array(CommandLine.arguments.dropFirst()), ranks: ranks)
ranks.end()
exitProgram(status)
