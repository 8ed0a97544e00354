"""Which state of a batch follows which: one table, and nothing else moves a batch.

::

    open → closed ⇄ handing_over → handed_over → confirmed
             │ ↑                        ↑  │  └→ refused
             │ └────────────────────────┼──┘  (the e-mail came back)
             └──────────────────────────┘  (a person took the file)

A batch that is handed over again stays what it is: only its hand-overs tell of it.
"""

STATES = [
    ("open", "Open"),
    ("closed", "Closed"),
    ("handing_over", "Being handed over"),
    ("handed_over", "Handed over"),
    ("confirmed", "Confirmed"),
    ("refused", "Refused"),
]
TRANSITIONS = {
    "open": {"closed"},
    "closed": {"handing_over", "handed_over"},
    "handing_over": {"closed", "handed_over"},
    "handed_over": {"closed", "confirmed", "refused"},
    "confirmed": set(),
    "refused": set(),
}
# How far the links of its documents are.
STAGES = {
    "open": "in_batch",
    "closed": "in_batch",
    "handing_over": "in_batch",
    "handed_over": "handed_over",
    "confirmed": "booked",
}


def may_go(state, to):
    """Whether a batch in this state may get the other one."""
    return to in TRANSITIONS[state]
