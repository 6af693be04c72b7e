// NNDiagnosticsTests
