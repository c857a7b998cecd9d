"""An hour of mixed load on a deployment like that of compose, and a judgement on whether anything grows."""
