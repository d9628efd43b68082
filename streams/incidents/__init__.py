"""Incidents: one story, one alert, that grows, cools down and closes.

The way of a signal: eventtime.py says when it happened, story.py what it tells, matching.py which
incident it joins, joining.py what that knows afterwards, life.py whether it is worth telling,
assembly.py how. engine.py goes that way with a record, over the states in book.py; writer.py says
in which order all goes out; agent.py is the Faust side.
"""
