"""The losses of potentials, against loops in numpy."""
import numpy as np

from algorithm import losses

HEADS, EPISODES, WINDOWS = 2, 3, 4
RETURNS, FITTED = np.float32([1.0, 0.0, 2.0]), np.float32([1, 0, 1])


def drawn():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(HEADS, EPISODES, 1 + 2 * WINDOWS)).astype(np.float32)
    return values, rng.random((EPISODES, 1 + 2 * WINDOWS)).astype(np.float32)


def expected_potential(values, time):
    total = 0.0
    for m in range(EPISODES):
        for k in range(WINDOWS):
            a, b = 1 + k, 1 + WINDOWS + k
            if FITTED[m]:
                share = RETURNS[m] * (time[m, b] - time[m, a])
                errors = sum((values[h, m, b] - values[h, m, a] - share) ** 2 for h in range(HEADS))
            else:
                errors = (values[:, m, b].min() - values[:, m, a].min()) ** 2
            total += errors / WINDOWS / EPISODES
    return total, sum(values[h, m, 0] ** 2 for h in range(HEADS) for m in range(EPISODES)) / EPISODES


def test_each_head_is_fitted_to_windows_of_successes_and_the_least_to_episodes_of_return_0():
    values, time = drawn()
    loss, info = losses.potential(values, time, RETURNS, FITTED)
    windows, anchor = expected_potential(values, time)
    np.testing.assert_allclose(info['loss'], windows, rtol=1e-5)
    np.testing.assert_allclose(info['anchor'], anchor, rtol=1e-5)
    np.testing.assert_allclose(loss, windows + anchor, rtol=1e-5)


def test_a_potential_that_rises_by_the_return_over_time_has_no_loss():
    time = np.linspace(0, 1, 5, dtype=np.float32)[None]     # o_0, two first ones, two last ones
    loss, _ = losses.potential(3 * time[None].repeat(2, axis=0), time, np.float32([3]), np.float32([1]))
    np.testing.assert_allclose(loss, 0, atol=1e-12)


def test_progress_is_the_squared_error_of_time_in_a_success_and_of_0_elsewhere():
    values, time = drawn()
    loss, _ = losses.progress(values, time, RETURNS, FITTED)
    wanted = time * (RETURNS * FITTED)[:, None]
    np.testing.assert_allclose(loss, sum(np.mean((head - wanted) ** 2) for head in values), rtol=1e-5)
