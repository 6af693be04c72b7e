// NNDataTests
