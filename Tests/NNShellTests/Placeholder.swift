// NNShellTests
