"""A sentence encoder from a folder: the package sentence-transformers, without its downloads."""
import os
import sys

import numpy as np

from utils.errors import UserError
from utils.foreign.files import UnreadableError, reading

INSTALL = 'pip install -r requirements-embeddings.txt'


def load_encoder(folder):
    """Function of [text] to [N, D] vectors of length 1, by the sentence encoder in a folder.

    Weights are read as safetensors only: other files of weights are pickles, which can run code.

    Args:
        folder: path of a model as sentence-transformers saves it.

    Raises:
        UserError: the folder is missing or invalid, or the package is not installed.
    """
    if not os.path.isdir(folder):
        raise UserError(f'--model={folder}: expected the folder of a sentence encoder; nothing is downloaded')
    os.environ['HF_HUB_OFFLINE'] = '1'      # read when the package is imported
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise UserError(f'sentence-transformers is not installed for {sys.executable} ({error}); '
                        f'{INSTALL}') from error
    try:
        with reading(folder):
            model = SentenceTransformer(str(folder), device='cpu', local_files_only=True,
                                        model_kwargs={'use_safetensors': True})
    except UnreadableError as error:
        raise UserError(f'--model={folder}: expected a sentence encoder with safetensors, as '
                        f'sentence-transformers saves it, got {error.cause}') from error
    return lambda texts: np.asarray(
        model.encode(texts, normalize_embeddings=True, show_progress_bar=False), np.float32)
