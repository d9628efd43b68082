"""The page: live alerts, incidents and tension in a browser, over server-sent events.

    alerts, tension topics -> Follower -> Desk -> Feed -> a client's stream
                                           +----> /api/alerts, /api/incidents, /api/tension

Nothing is committed and nothing is kept on disk: what the page shows is read back from the topics
at every start, and a client's position is one in the topics, so it outlives the server.
"""

from streams.delivery.page.service import Page

__all__ = ["Page"]
