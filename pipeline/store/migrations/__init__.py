"""Alembic's environment and the revisions, shipped with the package and run by `pipeline.store.migration`."""
