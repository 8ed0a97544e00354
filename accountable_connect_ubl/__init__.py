from . import models, wizards


def uninstall_hook(env):
    """Receivers are removed before the connections that name them, which keep one from being
    removed: they name none any more."""
    env.cr.execute("UPDATE accountable_connection SET ubl_profile_id = NULL")
