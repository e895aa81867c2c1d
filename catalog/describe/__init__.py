"""Changes in sentences: what is called what, what each field became, and how much of it there is.

Everything here is plain text on one line; templates escape it.
"""

from catalog.describe.conflicts import conflict_text, problem_sentences
from catalog.describe.labels import Labels
from catalog.describe.summary import ThingDescription, describe, summary
