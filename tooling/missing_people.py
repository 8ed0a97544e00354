"""The people of ``./run serve`` whom its database, made by an earlier version, does not have."""

from tooling.demo import people


def main(env, _arguments):
    """Languages first: each of them has a person."""
    people.install_languages(env)
    people.make(env, env.ref("base.main_company"))
