"""A mail that comes back at the very moment at which the worker stores that it was taken."""

from contextlib import contextmanager
from unittest.mock import patch

from tests.exactly_once.workers import fresh_environment, work_a_little


def interleaved(database, receiver) -> list[str]:
    """What went wrong, of a mail gateway whose transaction began before the worker's commit, and of
    one that was over before; as Odoo's own, neither reads a mail twice."""
    wrong = []
    for name, meanwhile in (("began before", began_before), ("was over before", was_over)):
        receiver.spoil("bounce", count=1)
        states = []
        with worker_meets(meanwhile, database, receiver, states):
            work_a_little(database)
        receiver.mend()
        if not states:
            wrong.append(f"{name}: no mail went")
        for hand_over_id in states:
            with fresh_environment(database) as env:
                one = env["accountable.hand.over"].browse(hand_over_id)
                found = (one.state, one.batch_id.state, bool(one.next_try))
                if found != ("failed", "closed", False):
                    wrong.append(f"{name}: {found}")
                one.batch_id.action_hand_over()
    return wrong


@contextmanager
def worker_meets(meanwhile, database, receiver, met):
    """The first mail that is taken meets this; ids of hand-overs are added to ``met``."""
    from odoo.addons.accountable_connect.models.engine.hand_over import HandOver

    done = HandOver._done

    def storing(one, names):
        if met:
            return done(one, names)
        met.append(one.row.id)
        return meanwhile(database, receiver, lambda: done(one, names))

    with patch.object(HandOver, "_done", storing):
        yield


def began_before(database, receiver, store):
    with fresh_environment(database) as env:
        env.cr.execute("SELECT count(*) FROM accountable_hand_over")  # what it sees is fixed now
        store()
        receiver.bring_bounces(env)


def was_over(database, receiver, store):
    with fresh_environment(database) as env:
        receiver.bring_bounces(env)
    store()
