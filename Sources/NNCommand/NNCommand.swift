// NNCommand
