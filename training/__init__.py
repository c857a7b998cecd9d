"""Training of the cleaning models, offline: see ``training/README.md``. Not part of the installed package."""
