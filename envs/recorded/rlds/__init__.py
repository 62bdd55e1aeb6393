"""RLDS data sets on disk (TFDS folders of TFRecord shards): found, read and written without TensorFlow.

Imports `envs.recorded`, `envs.base` and `utils`; no other format.
"""
