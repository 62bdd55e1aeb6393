"""The algorithms by kind, as --alg names them."""

UNOFFICIAL = ('lrr', 'diaster')                 # from other papers; docs/unofficial.md
WITH_SUBSEQUENCES = ('rrd', 'lrr')              # their reward models learn from K steps of an episode
WITH_REWARD_MODEL = ('rrd', *UNOFFICIAL)        # they learn r(s, a, s')
