"""Opens recorded episodes with a checkpoint of a run: to evaluate its reward on them, or to label them."""
from pathlib import Path

from loading import agent_of
from utils.errors import UserError
from utils.flags.flag import Args
from utils.flags.suites import OWN_DATA
from utils.runs.flags import recorded_args
from utils.runs.learned import find_learned

# TensorFlow and h5py are imported inside functions: --help and flag errors do not wait for them.


def evaluate_setup(args, found, after_episode):
    """A tester over every recorded episode that is found, of a checkpoint.

    Args:
        args: flags of the run, with the paths of the episodes.
        found: the checkpoint, a `Found`.
        after_episode: function from the number of episodes to an object whose `check()` is called after each.

    Returns:
        The `OfflineTester`, [text] about the episodes, and [`Recording`] that its baselines are fitted to.

    Raises:
        UserError: the data are unavailable, or do not match the training data of the model.
    """
    from envs.recorded.dataset import load_all
    from tester.recorded.tester import OfflineTester
    from utils.checkpoints.checkpoint import check_identity
    from utils.logs.console import frame_bar
    from utils.runs.identity import identity, spec_of

    data = load_all(args, frame_bar, spec_of(found.state['identity']))
    check_identity(found, identity(args, data.spec))
    agent = agent_of(args, data.spec, found)
    stop = after_episode(len(data.recordings))
    return (OfflineTester(agent, None, data.recordings, data.recordings, stop),
            [*data.notices, *_cautions(args, data, found)], data.recordings)


def held_out_setup(args, found, after_episode):
    """As `evaluate_setup`, over the episodes that the run has held out; baselines are those of its training.

    Args:
        args: flags of the run.
        found: as for `evaluate_setup`.
        after_episode: as for `evaluate_setup`.

    Raises:
        UserError: the data are unavailable or have changed, or nothing was held out.
    """
    from envs.recorded.dataset import load
    from tester.recorded.tester import OfflineTester
    from utils.logs.console import frame_bar
    from utils.runs.identity import check_resumable

    data = load(args, frame_bar)
    check_resumable(found, args, data.spec, data.fingerprint)
    if not data.held_out:
        raise UserError('no episode was held out by this run; name other episodes to evaluate on')
    agent, stop = agent_of(args, data.spec, found), after_episode(len(data.held_out))
    return OfflineTester(agent, None, data.held_out, data.recordings, stop), data.notices, data.recordings


def label_setup(args, found, flag, resize=False):
    """(all episodes that are found, a `Dataset` without frames; its `Item`s) for labels by a checkpoint.

    Args:
        args: flags of the run, with the path of the episodes.
        found: the checkpoint, a `Found`.
        flag: name and value of the flag that names the episodes, for errors.
        resize: whether frames of another stored size than those of the run are accepted.

    Raises:
        UserError: the data are unavailable, or do not match the training data of the model.
    """
    from envs.recorded.dataset import load_stored
    from labels.checks import check_shapes, check_sizes, check_tasks
    from labels.parts import items_of
    from utils.checkpoints.checkpoint import check_identity
    from utils.runs.identity import identity, spec_of

    model = spec_of(found.state['identity'])
    if args.env == OWN_DATA and not args.libero_obs:    # what the model takes, whatever else there is
        args = Args({**args, 'libero_obs': ','.join(model.observation)})
    data = load_stored(args, model)
    check_shapes(model, data.spec, flag)
    check_identity(found, identity(args, data.spec))
    if not args.task_embedding:
        check_tasks(data, found.state['replay']['tasks'], flag)
    check_sizes(data, found.state['parts']['tester'].get('seen', {}).get('sizes', {}), flag, resize)
    return data, items_of(data)


def check_ensemble(runs, data, flag, resize):
    """Refuses further runs that do not label the same steps in the same way as the first.

    Args:
        runs: [(directory, flags as for `label_setup`, checkpoint)], the first of which has read `data`.
        data: the `Dataset`.
        flag: as for `label_setup`.
        resize: as for `label_setup`.

    Raises:
        UserError: one differs; names it. Or as of `label_setup`.
    """
    from algorithm.ensemble import check_alike
    from labels.checks import check_episodes
    from utils.runs.identity import spec_of

    check_alike({str(directory): (spec_of(found.state['identity']), found.state['replay']['tasks'])
                 for directory, _, found in runs})
    for directory, args, found in runs[1:]:
        check_episodes(data, label_setup(args, found, flag, resize)[0], directory, runs[0][0])


def label_agent(args, spec, found, others):
    """What predicts the rewards of labels: the agent of a checkpoint, or the mean of several.

    Args:
        args: as for `agent_of`; its threads are those of all.
        spec: as for `agent_of`.
        found: as for `agent_of`.
        others: [(directory of a run, name of its checkpoint)] to average with.
    """
    from algorithm.ensemble import MeanAgent
    from utils.runs.identity import spec_of

    agents = [agent_of(args, spec, found)]
    threads = {name: args[name] for name in ('inter_op_threads', 'intra_op_threads')}
    for directory, name in others:
        other = find_learned(Path(directory), name)
        agents.append(agent_of(Args({**recorded_args(Path(directory)), **threads}),
                               spec_of(other.state['identity']), other))
    return agents[0] if len(agents) == 1 else MeanAgent(agents)


def _cautions(args, data, found):
    """[text]: caveats of the numbers."""
    texts = ['baselines are fitted to the same episodes that are evaluated']
    trained = found.state['identity']['data']
    if count := sum(file in trained for file in data.fingerprint):
        texts.append(f'warning: the run has learned from {count} of these {len(data.files)} files, except '
                     'for held-out episodes: the numbers include training episodes')
    unseen = [task for task in data.tasks if task not in found.state['replay']['tasks']]
    if unseen and not args.task_embedding:
        texts.append(f'warning: the run has learned from no episode of {", ".join(unseen)}: its task '
                     'number has no meaning to the model')
    return texts
