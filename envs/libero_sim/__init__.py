"""The LIBERO simulator, headless: one task as a scene, the command `check`, and a Gymnasium environment.

Runs in `.venv-libero`, the environment that `make libero` makes, without TensorFlow. `libero`, `robosuite`,
`mujoco` and OpenGL are imported where the first scene is made. Imports `envs.recorded` and `utils`.
"""
