// NNEngineTests
