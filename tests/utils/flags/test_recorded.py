"""The flags of runs on recorded episodes: names, defaults and refusals."""
import pytest

import common
from utils.errors import UserError
from utils.flags.recorded import RECORDED
from utils.flags.suites import SUITES
from utils.flags.table import FLAGS, env_category

LIBERO = [flag.name for group in RECORDED.values() for flag in group]
POTENTIAL = {flag.name for group in RECORDED.values() for flag in group if flag.only == 'potential'}
# of every run, or of every reward model
SHARED = {'env', 'env_category', 'alg', 'seed', 'tag', 'epochs', 'cycles', 'run_dir', 'save_every', 'resume',
          'keep_checkpoints', 'obs_normalization', 'r_lr', 'rrd_batch_size', 'rrd_sample_size', 'reward_from',
          'rrd_bias_correction', 'inter_op_threads', 'intra_op_threads'}


def own_data(*argv):
    return common.get_args(['--env=recorded', '--data_path=here', *argv])


def recorded(*argv):
    return common.get_args(['--env=libero_spatial', *argv])


def refusal(*argv):
    with pytest.raises(UserError) as caught:
        common.get_args(argv if argv[0].startswith('--env=') else ['--env=libero_spatial', *argv])
    return str(caught.value)


def test_a_run_on_recorded_episodes_has_no_flag_of_a_policy_a_replay_store_or_an_environment():
    assert set(recorded('--reward_form=potential')) == SHARED | set(LIBERO) - {'data_path'}


def test_own_data_have_every_flag_of_recorded_episodes():
    assert set(own_data('--reward_form=progress')) == SHARED | set(LIBERO)


def test_a_reward_of_each_step_has_no_flag_of_a_potential():
    assert POTENTIAL and not POTENTIAL & set(recorded())


@pytest.mark.parametrize('words', [['--env=Ant-v2'], ['--env=Pong'], ['--alg=ircr'], ['--alg=td3']])
def test_other_runs_have_no_flag_of_recorded_episodes(words):
    assert not set(common.get_args(words)) & set(LIBERO)


@pytest.mark.parametrize('name', LIBERO)
def test_other_runs_refuse_every_flag_of_recorded_episodes(name):
    text = refusal('--env=Ant-v2', f'--{name}={own_data("--reward_form=potential")[name] or 0}')
    needed = 'own_data' if name == 'data_path' else 'potential' if name in POTENTIAL else 'recorded'
    assert text.endswith(f' needs {needed}; this run is mujoco rrd sac')


OTHERS = {flag.name: next(iter(flag.defaults.values())) for title, group in FLAGS.items() for flag in group
          if flag.name not in SHARED | set(LIBERO)}


@pytest.mark.parametrize('name', OTHERS)
def test_runs_on_recorded_episodes_refuse_every_flag_of_another_kind(name):
    text = refusal(f'--{name}={OTHERS[name]}')
    assert text.startswith(f'--{name}=') and text.endswith('; this run is recorded rrd')


def test_defaults_are_those_that_were_asked_for():
    expected = {'alg': 'rrd', 'offline_reward_only': True, 'libero_path': '', 'libero_failures': '',
                'libero_obs': 'agentview,proprio', 'libero_image_size': 84, 'libero_negatives': 'auto',
                'libero_noops': 'keep', 'libero_alignment': 'auto', 'libero_orientation': 'auto',
                'libero_skip_bad': False, 'cache_dir': '', 'task_embedding': '', 'val_fraction': 0.2,
                'val_fold': 0, 'holdout_tasks': '', 'patience': 0, 'rrd_exact': False, 'rrd_batch_size': 256,
                'rrd_sample_size': 32, 'rrd_bias_correction': False, 'obs_normalization': True}
    args = recorded()
    assert {name: args[name] for name in expected} == expected


def test_default_shares_leave_room_for_recorded_episodes():
    args = recorded()
    assert args.swap_share + args.rewind_share + args.prefix_share <= 0.95


@pytest.mark.parametrize('suite', ['libero_spatial', 'libero_object', 'libero_goal', 'libero_90', 'libero_10',
                                   'libero_long', 'libero_100'])
def test_a_suite_is_an_environment_of_recorded_episodes(suite):
    assert common.get_args([f'--env={suite}']).env_category == 'recorded'
    assert suite in SUITES


@pytest.mark.parametrize('env, near', [
    ('libero', ''), ('libero_kitchen', ''), ('libero_spatal', 'libero_spatial'), ('libero_130', 'libero_10'),
    ('libero-10', 'libero_10'), ('Libero_Goal', 'libero_goal'), ('librero_object', 'libero_object')])
def test_a_misspelt_suite_is_refused_with_every_suite_and_the_nearest_one(env, near):
    for flags in ([], ['--libero_path=here']):
        assert refusal(f'--env={env}', *flags) == (
            f'--env={env}: expected one of the suites {", ".join(SUITES)}'
            + (f'; did you mean {near}?' if near else ''))


@pytest.mark.parametrize('env', ['Ant-v2', 'spatial', 'FetchReach-v4', 'Pong'])
def test_a_name_unlike_a_suite_is_not_checked_against_the_suites(env):
    assert env_category(env) in ('mujoco', 'atari')


@pytest.mark.parametrize('alg', ['sac', 'td3', 'ddpg', 'dqn', 'ircr', 'uniform', 'lrr', 'diaster'])
def test_an_algorithm_that_learns_a_policy_is_refused(alg):
    assert refusal(f'--alg={alg}') == (
        f'--alg={alg} learns a policy, and --env=libero_spatial has only recorded '
        'episodes; take --alg=rrd, which learns a reward from them')


def test_training_a_policy_on_recorded_episodes_is_refused():
    assert refusal('--offline_reward_only=False') == (
        '--offline_reward_only=False: no policy is trained on recorded episodes; expected True')
    assert recorded('--offline_reward_only=True') == recorded()


@pytest.mark.parametrize('text', ['', 'agentview,', 'camera', 'agentview,proprio,agentview', 'feature',
                                  'feature:', 'wrist,feature:', 'feature:x,feature:x', 'agentview, wrist'])
def test_an_observation_of_unknown_parts_or_of_one_twice_is_refused(text):
    assert refusal(f'--libero_obs={text}') == (
        f'--libero_obs={text}: expected any of agentview, wrist, proprio, state or feature:KEY, separated '
        'by commas, each once')


def test_two_features_are_refused():
    assert refusal('--libero_obs=feature:x,feature:y') == (
        '--libero_obs=feature:x,feature:y: expected at most one feature:KEY')


@pytest.mark.parametrize('text', ['agentview', 'wrist,proprio,agentview', 'feature:obs/my_features',
                                  'proprio,feature:x'])
def test_an_observation_may_be_any_of_its_parts(text):
    assert recorded(f'--libero_obs={text}').libero_obs == text


@pytest.mark.parametrize('words, text', [
    (['--rrd_exact=True', '--rrd_bias_correction=True'],
     '--rrd_bias_correction=True corrects for drawing K steps, and --rrd_exact=True uses whole episodes; '
     'set only one of them'),
    (['--r_scale=0'], '--r_scale=0.0 must be above 0'),
    (['--r_scale=1e-31'], '--r_scale=1e-31 must be above 0'),
    (['--passes=0'], '--passes=0: expected a number from 0.01 to 3.4e38'),
    (['--val_fold=5'], '--val_fold=5 must be below 1 / --val_fraction = 5'),
    (['--val_fraction=0.5', '--val_fold=2'], '--val_fold=2 must be below 1 / --val_fraction = 2'),
    (['--val_fraction=0.1', '--val_fold=10'], '--val_fold=10 must be below 1 / --val_fraction = 10'),
    (['--val_fraction=0.95'], '--val_fraction=0.95: expected a number from 0 to 0.9'),
    (['--libero_image_size=23'], '--libero_image_size=23: expected an integer from 24 to 512'),
    (['--libero_image_size=513'], '--libero_image_size=513: expected an integer from 24 to 512'),
    (['--libero_noops=skip'], '--libero_noops=skip: expected keep or drop'),
    (['--libero_alignment=between'], '--libero_alignment=between: expected auto, after or before'),
    (['--libero_orientation=left'], '--libero_orientation=left: expected auto, opengl, upright, '
     'rotated or mirrored'),
    (['--swap_share=1.1'], '--swap_share=1.1: expected a number from 0 to 1'),
    (['--r_average=1.1'], '--r_average=1.1: expected a number from 0 to 1'),
    (['--augment_shift=0.6'], '--augment_shift=0.6: expected a number from 0 to 0.5'),
    (['--rrd_sample_size=257'], '--rrd_batch_size=256 must be at least --rrd_sample_size=257'),
    (['--rrd_sample_size=1', '--rrd_bias_correction=True'],
     '--rrd_bias_correction=True needs --rrd_sample_size of 2 or more, got 1: one step has no variance')])
def test_invalid_numbers_and_choices_are_refused(words, text):
    assert refusal(*words) == text


@pytest.mark.parametrize('text', ['flip', 'swap,flip', 'swap,swap', 'swap,rewind,swap', '', 'swap,',
                                  'auto,swap', 'none,swap', 'swap, rewind', 'Swap'])
def test_an_unknown_kind_of_made_episode_or_one_named_twice_is_refused_with_those_there_are(text):
    assert refusal(f'--libero_negatives={text}') == (
        f'--libero_negatives={text}: expected auto, none, or any of swap, rewind, prefix, separated by '
        'commas')


def test_shares_that_leave_nothing_to_successes_are_refused_before_any_file_is_read():
    assert refusal('--libero_negatives=swap,rewind', '--swap_share=0.5', '--rewind_share=0.46') == (
        '--swap_share=0.5 --rewind_share=0.46: expected a sum of at most 0.95, so that recorded successes '
        'are drawn too')


@pytest.mark.parametrize('fraction, last', [
    (0.2, 4), (0.1, 9), (0.5, 1), (0.25, 3), (1 / 3, 2), (0.3333333, 2), (0.3, 3), (0.9, 1), (0.0, 0)])
def test_every_fold_below_one_over_the_fraction_is_accepted(fraction, last):
    words = [f'--val_fraction={fraction}']
    assert recorded(*words, f'--val_fold={last}').val_fold == last
    assert refusal(*words, f'--val_fold={last + 1}').startswith(f'--val_fold={last + 1} ')


@pytest.mark.parametrize('words', [
    ['--r_average=0', '--swap_share=0', '--augment_shift=0', '--augment_colour=0', '--augment_noise=0'],
    ['--rrd_exact=True'], ['--rrd_bias_correction=True'], ['--rrd_sample_size=1'], ['--passes=0.01']])
def test_extreme_values_that_make_sense_are_accepted(words):
    recorded(*words)


def test_own_data_are_read_with_all_their_keys_without_noise_and_on_their_own_scale():
    args = own_data()
    assert (args.env_category, args.libero_obs, args.augment_noise, args.r_scale) == ('recorded', '', 0, 0)


@pytest.mark.parametrize('words, message', [
    ((), '--env=recorded: expected --data_path=DIR, the folder or file of the episodes'),
    (('--data_path=x', '--libero_path=y'), '--libero_path=y is for the suites of LIBERO; take --data_path '
     'with --env=recorded'),
    (('--data_path=x', '--libero_noops=drop'), '--libero_noops=drop is for the suites of LIBERO, whose '
     'no-ops are known; expected keep'),
    (('--data_path=x', '--libero_obs=a,a'), '--libero_obs=a,a: expected keys separated by commas, each once'),
    (('--data_path=x', '--columns=a'), '--columns=a: expected KEY=COLUMN, separated by commas, each key '
     'once, such as agentview=observation.images.top'),
    (('--data_path=x', '--columns=a=b,a=c'), '--columns=a=b,a=c: expected KEY=COLUMN, separated by commas, '
     'each key once, such as agentview=observation.images.top')])
def test_own_data_refuse_flags_that_cannot_be_used(words, message):
    assert refusal('--env=recorded', *words) == message


def test_a_suite_refuses_the_path_of_own_data():
    assert refusal('--data_path=x') == '--data_path=x needs own_data; this run is recorded rrd'
