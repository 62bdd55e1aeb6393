"""Steps a second of LIBERO's simulator: `.venv-libero/bin/python benchmarks/simulator.py [--steps=N]`.

A row for each number of cameras and size of pictures: in one process, then in `--jobs` processes at once, on
the same actions. Each process builds its scene before the clock starts.
"""
import multiprocessing
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np  # noqa: E402

from envs.libero_sim.packages import versions  # noqa: E402
from utils.errors import run  # noqa: E402
from utils.flags.command_line import parse  # noqa: E402
from utils.flags.flag import Flag  # noqa: E402
from utils.host import cores  # noqa: E402
from utils.logs.console import plain_logger  # noqa: E402
from utils.logs.tables import text_table  # noqa: E402

SUITE = 'libero_spatial'
TASK = 'pick_up_the_black_bowl_from_table_center_and_place_it_on_the_plate'
CAMERAS = ('agentview', 'eye_in_hand')
CASES = ((0, 128), (1, 128), (2, 128), (1, 256), (2, 256))      # (cameras, pixels)
WARM_UP = 3
TABLE = {'Measurement': (
    Flag('steps', int, 40, 'steps of a case in each process', low=1),
    Flag('jobs', int, 2, 'processes of the second column', low=1),
)}


def main(argv=None):
    """Reports the table; `argv` is the command line."""
    args = parse(TABLE, (), argv, None, description=__doc__,
                 usage='python benchmarks/simulator.py [--flag=value ...]')
    report, rows = plain_logger().info, []
    report('%s; %d cores, load %.1f', versions(), cores(), os.getloadavg()[0])
    for cameras, size in CASES:
        single, several = (rate(cameras, size, args.steps, jobs) for jobs in (1, args.jobs))
        rows.append([str(cameras), str(size), f'{single[0]:.1f}', f'{single[1]:.1f}', f'{several[0]:.1f}'])
    report('%s', text_table(['cameras', 'pixels', 'steps/s', 'steps per CPU second',
                             f'steps/s, {args.jobs} processes'], rows, left=()))
    report('OpenGL: %s; load at the end %.1f', os.environ.get('MUJOCO_GL', 'chosen by each process'),
           os.getloadavg()[0])


def rate(cameras, size, steps, jobs):
    """(steps a second of all processes together, steps per second of CPU time)."""
    context = multiprocessing.get_context('spawn')
    barrier, results = context.Barrier(jobs), context.SimpleQueue()
    processes = [context.Process(target=play, args=(cameras, size, steps, barrier, results))
                 for _ in range(jobs)]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return sum(steps / wall for wall, _ in found), jobs * steps / sum(cpu for _, cpu in found)


def play(cameras, size, steps, barrier, results):
    """Plays random actions; puts (seconds, CPU seconds) into the queue."""
    from envs.libero_sim.scene import Scene

    scene = Scene(SUITE, TASK, CAMERAS[:cameras], size, reflections=False)
    scene.start(scene.sample(0))
    actions = np.random.default_rng(0).uniform(-0.5, 0.5, (WARM_UP + steps, 7))
    for action in actions[:WARM_UP]:
        scene.step(action)
    barrier.wait()
    wall, cpu = time.perf_counter(), time.process_time()
    for action in actions[WARM_UP:]:
        scene.step(action)
    done = (time.perf_counter() - wall, time.process_time() - cpu)
    scene.close()
    results.put(done)


if __name__ == '__main__':
    run(main)
