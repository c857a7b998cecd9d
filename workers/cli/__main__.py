"""``python -m workers.cli``: the `feedmill` program, also where its script is not installed."""

from workers.cli import main

if __name__ == "__main__":
    main()
