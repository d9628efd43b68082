"""What a user would write instead: short, idiomatic, the whole job, never tuned down.

Each consumes, decodes, scores with the same plain scikit-learn pipeline, publishes an alert for
each item with a label that is more likely than not, and commits after the alerts are acknowledged.
"""
