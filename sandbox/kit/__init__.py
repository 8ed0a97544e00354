"""What the sandboxes of all packages are made of: books, service, pages, faults, control, people.

Nothing here knows a package; a package's folder holds its routes, its refusals and its switches.
"""
