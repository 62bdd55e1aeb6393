"""Vectors of tasks for --task_embedding, by a fake sentence encoder."""
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from envs.recorded.embeddings import main
from envs.recorded.sentence_encoder import load_encoder
from envs.recorded.side_files import contexts
from tests.own_data.files import moving, write_robomimic
from utils.errors import UserError
from utils.flags.suites import tasks_of

TASKS = ('file', 'put the cup down, then wave')     # np.savez has an argument `file`


def encode(texts):
    """[N, 3] vectors that differ where the texts do."""
    return np.array([[len(text), text.count('_'), sum(text.encode())] for text in texts], np.float32)


@pytest.fixture
def folder(tmp_path):
    """A folder of two data sets of one task each."""
    rng = np.random.default_rng(0)
    for number, task in enumerate(TASKS):
        write_robomimic(tmp_path / f'{number}.hdf5', [moving(rng, 5)], sentence=task)
    return tmp_path


def write(*words):
    main([*map(str, words)], load=lambda path: encode)


@pytest.mark.parametrize('below', [[''], ['0.hdf5', '1.hdf5']])
def test_what_is_written_is_read_as_the_vectors_of_the_tasks(folder, below):
    write(*(folder / name for name in below), '--model=m', f'--out={folder}/tasks.npz')
    found = contexts(TASKS, TASKS, f'{folder}/tasks.npz')
    for task, expected in zip(TASKS, encode(TASKS), strict=True):
        np.testing.assert_array_equal(found[task], expected)


def test_tasks_of_a_suite_are_encoded_as_sentences(tmp_path):
    write('--env=libero_90', '--model=m', f'--out={tmp_path}/tasks.npz')
    tasks = tasks_of('libero_90')
    found = contexts(tasks, tasks, f'{tmp_path}/tasks.npz')
    assert len(found) == 90 and all(vector[1] == 0 for vector in found.values())     # no underscores


@pytest.mark.parametrize('words, message', [
    (['--model=m', '--out=x.npz'], 'expected data sets, or --env=SUITE without data sets: '),
    (['DIR', '--env=libero_90', '--model=m', '--out=x.npz'], 'expected data sets, or --env=SUITE without '),
    (['DIR', '--out=x.npz'], '--model: expected the folder of a sentence encoder, got nothing'),
    (['DIR', '--model=m', '--out=x'], '--out=x: expected a name ending in .npz')])
def test_a_command_line_that_lacks_something_is_refused(words, message):
    with pytest.raises(UserError) as caught:
        write(*words)
    assert str(caught.value).startswith(message)


def test_an_encoder_that_gives_no_finite_numbers_is_refused(folder):
    with pytest.raises(UserError, match='^--model=m: expected 2 vectors of finite numbers, got an array of '):
        main([str(folder), '--model=m', f'--out={folder}/tasks.npz'],
             load=lambda path: lambda texts: encode(texts) * np.nan)
    assert not (folder / 'tasks.npz').exists()


def test_a_missing_folder_of_the_encoder_is_refused_without_a_download(tmp_path):
    with pytest.raises(UserError, match='expected the folder of a sentence encoder; nothing is downloaded$'):
        load_encoder(tmp_path / 'missing')


def test_without_the_package_the_error_says_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setenv('HF_HUB_OFFLINE', '0')
    monkeypatch.setitem(sys.modules, 'sentence_transformers', None)
    with pytest.raises(UserError, match='pip install -r requirements-embeddings.txt$'):
        load_encoder(tmp_path)


def test_the_package_is_asked_for_local_files_without_pickles(monkeypatch, tmp_path):
    asked = []

    def model(path, **flags):
        asked.append((path, flags))
        return SimpleNamespace(encode=lambda texts, **flags: encode(texts))

    monkeypatch.setenv('HF_HUB_OFFLINE', '0')
    monkeypatch.setitem(sys.modules, 'sentence_transformers', SimpleNamespace(SentenceTransformer=model))
    np.testing.assert_array_equal(load_encoder(tmp_path)(TASKS), encode(TASKS))
    assert asked == [(str(tmp_path), {'device': 'cpu', 'local_files_only': True,
                                      'model_kwargs': {'use_safetensors': True}})]


def test_a_folder_that_is_no_encoder_is_refused(monkeypatch, tmp_path):
    def model(path, **flags):
        raise OSError('no file named model.safetensors')

    monkeypatch.setenv('HF_HUB_OFFLINE', '0')
    monkeypatch.setitem(sys.modules, 'sentence_transformers', SimpleNamespace(SentenceTransformer=model))
    with pytest.raises(UserError, match='saves it, got no file named model.safetensors$'):
        load_encoder(tmp_path)
