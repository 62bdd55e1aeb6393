"""Names of the columns that every run of a kind logs."""

COUNTS = ('epoch', 'cycle', 'episodes', 'timesteps', 'updates')
OFFLINE_COUNTS = ('epoch', 'cycle', 'updates', 'passes')
TIMES = ('time/total_s', 'time/train_s', 'time/test_s')
RETURNS = ('test/return_mean', 'test/return_std', 'test/return_min', 'test/return_max', 'test/length_mean',
           'train/return_mean', 'train/length_mean')
SCORES = ('train/score_mean',)      # where the learner's rewards are clipped
