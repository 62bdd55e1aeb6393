"""Which virtual episodes a run draws beside its recordings, and their shares."""
from algorithm.recorded.contrast import distinct_contexts
from utils.errors import UserError
from utils.flags.checks import KINDS, check_shares

DEGENERATE = ('warning: every drawn episode has the return {value:g} and there is no contrast, so the '
              'decomposition is degenerate: a constant reward, or a clock, fits it perfectly; add failures '
              '(--libero_failures) or set --libero_negatives=auto')

_NEEDED = {'swap': 'episodes of two tasks or more',
           'prefix': 'successes that are not rewarded in their first step'}
AUTO = ('swap', 'rewind')       # docs/libero.md, What mattered: best with failures and without
OWN_AUTO = ('swap',)            # the inverse of an action is unknown, or a potential needs none


def chosen_shares(args, recordings):
    """{kind of episode other than recorded successes: its share of the drawn episodes}, for `Contrast`.

    Args:
        args: reads libero_negatives, failure_share, and the share of each kind of virtual episode.
        recordings: of the training set.

    Raises:
        UserError: a kind cannot be made from the recordings, or the shares leave none for recorded successes.
    """
    kinds = _kinds(args.libero_negatives, recordings, args.get('reward_form', 'step'))
    if not all(recording.success for recording in recordings):
        kinds = ('failure', *kinds)
    shares = {kind: args[f'{kind}_share'] for kind in kinds if args[f'{kind}_share'] > 0}
    check_shares(shares)
    return shares


def _kinds(text, recordings, form):
    """The kinds that --libero_negatives selects, for a --reward_form."""
    can_be_made = _possible(recordings)
    if text in ('auto', 'none'):
        wanted = AUTO if form == 'step' and recordings[0].backward is not None else OWN_AUTO
        return tuple(kind for kind in wanted if kind in can_be_made) if text == 'auto' else ()
    kinds = tuple(text.split(','))
    for kind in kinds:
        if kind not in can_be_made:
            are_scored = any(recording.scored for recording in recordings)
            needed = 'returns of 0 and 1' if are_scored else _NEEDED[kind] if can_be_made else 'successes'
            raise UserError(f'--libero_negatives={text}: {kind} requires {needed} in the training set')
    return kinds


def _possible(recordings):
    """The kinds that can be made from some recordings."""
    if any(recording.scored for recording in recordings) or not any(
            recording.success for recording in recordings):
        return ()
    possible = {'swap': len(distinct_contexts(recordings)) > 1, 'rewind': True,
                'prefix': any(recording.success and recording.unrewarded for recording in recordings)}
    return tuple(kind for kind in KINDS if possible[kind])


def remarks(args, recordings, shares):
    """[line of text] about the training data, to be reported to the user."""
    count = sum(recording.success for recording in recordings)
    rest = 1 - sum(shares.values())
    drawn = ', '.join(f'{kind} {share:.0%}' for kind, share in {'success': rest, **shares}.items())
    kinds = f'{count} successes, {len(recordings) - count} failures'
    if recordings[0].scored:
        kinds = f'{count} of scored returns'
    lines = [f'training episodes: {kinds}, '
             f'{sum(recording.length for recording in recordings):,} steps; drawn: {drawn}']
    shortest = min(recording.length for recording in recordings)
    if args.get('reward_form', 'step') == 'step' and not args.rrd_exact and args.rrd_sample_size > shortest:
        lines.append(f'--rrd_sample_size={args.rrd_sample_size}: steps of shorter episodes (the shortest has '
                     f'{shortest} steps) are drawn with replacement')
    returns = {recording.total_reward for recording in recordings if recording.success}
    if not shares and len(returns) == 1:
        lines.append(DEGENERATE.format(value=returns.pop()))
    return lines
