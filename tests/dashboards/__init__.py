"""The dashboards with the data of a crisis."""
