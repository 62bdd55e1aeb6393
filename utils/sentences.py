"""Tasks by their names or by the sentences that instruct a robot to do them."""
import re

_SCENE = re.compile(r'[A-Z_]+_SCENE[0-9]+_')     # where it is done: the same sentence may be used in several


def tasks_meant(text, tasks):
    """[names of `tasks` that a text stands for], in their order.

    A name that is exactly the text is the only one. Otherwise the words of a name are compared, with and
    without its scene; case, punctuation, underscores and blanks do not count.

    Args:
        text: name of a task or a sentence, such as 'Turn on the stove.'.
        tasks: names such as 'KITCHEN_SCENE3_turn_on_the_stove'.
    """
    if text in tasks:
        return [text]
    words = _words(text)
    return [task for task in tasks
            if words and words in (_words(task), _words(_SCENE.sub('', task, count=1)))]


def _words(text):
    return re.findall(r'[^\W_]+', text.casefold())
