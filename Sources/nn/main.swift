import NNCommand
