"""Do the books agree? Odoo's side and a package's sandbox, document by document.

``odoo_side`` and ``octopus_side`` read the two sides into the same figures, ``named`` predicts the
differences that may be there, ``compare`` puts them beside each other and ``table`` prints them.
"""
