"""Exact Online (REST, version 1): client, mapping and package. Imports no model."""
