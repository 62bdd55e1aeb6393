"""The report on recorded episodes: which of them it shows."""
from reports.page import Picture
from reports.recorded import recorded_sections
from tests.tester.recorded.predictions import prediction


def named(name, predicted, total_reward, mode=''):
    one = prediction([predicted], total_reward, mode=mode)
    return one._replace(recording=one.recording._replace(name=name))


def sections(predictions):
    made = recorded_sections(predictions, [each.recording for each in predictions])
    return {section.title: section for section in made}


def episodes_of(section):
    return [text.split(': ')[0] for text in section.texts[1:]]


EPISODES = [named('far', 0.2, 1.0), named('near', 0.9, 1.0), named('middle', 0.5, 1.0),
            named('good', 0.125, 0.0, 'miss'), named('bad', 0.75, 0.0, 'late')]


def test_the_best_and_the_worst_are_those_of_the_smallest_and_largest_error_of_the_return():
    made = sections(EPISODES)
    assert episodes_of(made['Best episodes']) == ['red.hdf5 near', 'red.hdf5 good']
    assert episodes_of(made['Median episodes'])[0] == 'red.hdf5 middle'
    assert episodes_of(made['Worst episodes']) == ['red.hdf5 far', 'red.hdf5 bad']


def test_over_and_underrated_episodes_are_listed_from_the_largest_difference():
    over, under = sections(EPISODES)['Largest errors'].parts
    assert [(row[1], row[3], row[-1]) for row in over.rows] == [('bad', 'late', '0.750'),
                                                                ('good', 'miss', '0.125')]
    assert [row[1] for row in under.rows] == ['far', 'middle', 'near']


def test_a_set_without_failures_has_a_report():
    made = sections([named('only', 0.5, 1.0)])
    assert episodes_of(made['Best episodes']) == ['red.hdf5 only']
    assert isinstance(made['Best episodes'].parts[0], Picture)


def test_no_episode_is_shown_twice_where_there_are_two_of_an_outcome():
    assert [title for title in sections(EPISODES[1:3]) if title.endswith('episodes')] == [
        'Best episodes', 'Worst episodes']


def test_numbers_are_next_to_those_of_baselines():
    table = sections(EPISODES)['Numbers'].parts[0]
    assert table.header[:4] == ['', 'learned', 'constant', 'clock']
    assert table.rows[0][0] == 'test/loss'
