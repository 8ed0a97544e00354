{
    "name": "Accountable Connect: extension of the tests",
    "summary": "One override of each extension point; only for tests",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Accountable Connect",
    "license": "LGPL-3",
    "depends": ["accountable_connect"],
}
