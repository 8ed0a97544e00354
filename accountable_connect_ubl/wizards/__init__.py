from . import connect, profile_import
