"""What the root ``conftest.py`` adds to pytest, a file for each subject."""
