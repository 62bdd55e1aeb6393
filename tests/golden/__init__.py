"""Numbers recorded from the original, and the program that holds this implementation against them.

`tests/golden_data` holds what the authors' release (Randomized-Return-Decomposition, commit bc80473)
computed under Python 3.6, TensorFlow 1.12 and numpy 1.19, on the CPU, from stored inputs:

- `agent_*.npz`: batches and noise; losses, tensors, gradients and weights of a few updates; actions.
  `init_seed` and the names in `var_names` give the initial weights (`digest.initial_value`), but for those
  under `init/`. Large arrays are stored as digests: elements at fixed positions, sums, projections.
- `buffer_*.npz`, `ircr_heap_ties.npz`, `rrd_coef_table.npz`: what the replay buffers keep of a stream of
  transitions, what they can draw and how likely, targets and weights of episodes.
- `normalizer.npz`: running moments of observations after each of several batches.
- `learner_trace.npz`: every call that the learners and the tester made, a line each.
- `env_wrappers.npz`: episodes through the environment wrappers; grey frames.
- `cli_args.json`: what command lines parse to.

All are plain numbers and text, read without pickle. Sizes and options are in each file's `config_json`.
Keys under `quirk/` show defects of the original, and exact random draws (`seeded_batch*`, `hist/*`)
depend on its order of calls: neither is compared. `python -m tests.golden DIR` checks any directory of
such files.
"""
