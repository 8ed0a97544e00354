"""A local server that behaves as the Exact Online REST service does, with real books behind it."""
