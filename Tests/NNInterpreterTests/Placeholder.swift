// NNInterpreterTests
