"""Pictures of the real screens for the docs; see ``__main__``."""
