"""Keras on TensorFlow's CPU, on one thread. Import this before anything else that imports Keras."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.get_logger().setLevel("ERROR")

VERSIONS = {"keras": keras.__version__, "tensorflow": tf.__version__}

__all__ = ["VERSIONS", "keras", "np", "tf"]
