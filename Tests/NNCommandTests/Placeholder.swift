// NNCommandTests
