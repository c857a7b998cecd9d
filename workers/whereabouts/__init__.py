"""Where is it? Everything that is known of one article that somebody misses.

clue       what one look brought: a sentence, where to read on, what to do
items      items under that address, path, name or number, and the articles that they became
headlines  articles and items by words of their headline
guesses    what may be meant where nothing is called so
feeds      feeds that list it, or could; host: what keeps its host from being asked now
looking    puts all of it together, in the order in which one asks
"""

from workers.whereabouts.clue import Clue, Deed, Whereabouts, whereabouts_document
from workers.whereabouts.looking import whereabouts

__all__ = ["Clue", "Deed", "Whereabouts", "whereabouts", "whereabouts_document"]
