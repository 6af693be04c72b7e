// `import NN` is all that an embedding program needs: tables, diagnostics, events and results come with it.
@_exported import NNData
@_exported import NNDiagnostics
@_exported import NNEngine
@_exported import NNInterpreter
@_exported import NNReport
