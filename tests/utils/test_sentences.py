"""Tasks that a sentence stands for."""
import pytest

from utils.flags.suites import SUITES, tasks_of
from utils.sentences import tasks_meant

STOVE = 'KITCHEN_SCENE3_turn_on_the_stove'


@pytest.mark.parametrize('text', [
    STOVE, 'kitchen scene3 turn on the stove', 'turn_on_the_stove', 'Turn on the stove.',
    ' turn ON  the\tstove!'])
def test_case_punctuation_underscores_and_blanks_do_not_count(text):
    assert tasks_meant(text, (STOVE, f'{STOVE}_and_put_the_frying_pan_on_it')) == [STOVE]


@pytest.mark.parametrize('text', ['', '...', 'turn on', 'turn on the stove and', 'turn onthe stove', 'nap'])
def test_other_texts_stand_for_nothing(text):
    assert tasks_meant(text, (STOVE,)) == []


def test_twelve_sentences_stand_for_28_tasks_of_libero_90():
    tasks = tasks_of('libero_90')
    sentences = [task.split('SCENE')[1].split('_', 1)[1] for task in tasks]
    groups = [tuple(tasks_meant(sentence, tasks)) for sentence in sentences]
    assert len({group for group in groups if len(group) > 1}) == 12
    assert sum(len(group) > 1 for group in groups) == 28


@pytest.mark.parametrize('suite', SUITES)
def test_the_name_of_a_task_stands_for_itself_alone(suite):
    tasks = tasks_of(suite)
    assert all(tasks_meant(task, tasks) == [task] for task in tasks)
