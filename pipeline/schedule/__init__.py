"""When a feed is polled next, and what a poll means for it. Judgement of values, without any I/O.

    feed + polled --learnt--> what is known now --usual interval, floors, jitter--> due_at

`after_poll` is all of it. Each rule names where it is from; where nobody has
one, the reason stands beside the constant. `Weather` tells our own outage
from theirs.
"""

from pipeline.schedule.after import after_poll
from pipeline.schedule.interval import Interval, usual_interval
from pipeline.schedule.weather import NETWORK_CODES, Weather

__all__ = ["NETWORK_CODES", "Interval", "Weather", "after_poll", "usual_interval"]
