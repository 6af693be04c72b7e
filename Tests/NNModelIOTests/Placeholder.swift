// NNModelIOTests
