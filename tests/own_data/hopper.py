"""Records episodes of Hopper-v4 with policies that stand, sway and fall."""
import gymnasium
import numpy as np

ENV = 'Hopper-v4'


def record(num_episodes, seed=0):
    """Episodes for `write_robomimic`, from random policies and from ones that try to stand."""
    rng, env = np.random.default_rng(seed), gymnasium.make(ENV)
    try:
        return [_episode(env, _standing(rng) if number % 4 else _linear(rng), int(rng.integers(2**31)))
                for number in range(num_episodes)]
    finally:
        env.close()


def _linear(rng):
    """A random linear policy: falls within a few dozens of steps."""
    weights, offset = rng.normal(size=(3, 11)), rng.normal(size=3) * 0.3
    return lambda observation, t: weights @ observation + offset


def _standing(rng):
    """Holds its joints near angles that it swings around, more or less: stands, or hops until it falls."""
    stiff, damped = rng.uniform(1, 8), rng.uniform(0.3, 0.9)
    middle, swing = rng.normal(size=3) * 0.1, rng.uniform(0, 0.6, 3)
    speed, phase = rng.uniform(0.05, 0.4), rng.uniform(0, 6.28, 3)

    def act(observation, t):
        target = middle + swing * np.sin(speed * t + phase)
        return stiff * (target - observation[2:5]) - damped * observation[8:11] + rng.normal(size=3) * 0.2
    return act


def _episode(env, act, seed):
    observation, _ = env.reset(seed=seed)
    observations, actions, rewards, is_over = [observation], [], [], False
    while not is_over:
        action = np.clip(act(observation, len(actions)), -1, 1).astype(np.float32)
        observation, reward, has_ended, is_cut, _ = env.step(action)
        observations.append(observation)
        actions.append(action)
        rewards.append(reward)
        is_over = has_ended or is_cut
    states = np.stack(observations)
    return {'actions': np.stack(actions), 'rewards': np.array(rewards), 'obs': {'state': states[:-1]},
            'next_obs': {'state': states[1:]}}
