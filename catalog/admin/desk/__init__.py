"""The desk: what needs somebody's attention, on the index page and as filters of the lists.

`attention` says what needs it, once for both, so that a count and its list are of the same rows.
"""
