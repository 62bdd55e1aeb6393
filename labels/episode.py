"""The value of an episode's labels, which lives in `utils.labels.episode`."""
from utils.labels.episode import HELD_OUT, NEW, TRAIN, UNKNOWN, EpisodeLabels, episode_labels

__all__ = ['HELD_OUT', 'NEW', 'TRAIN', 'UNKNOWN', 'EpisodeLabels', 'episode_labels']
