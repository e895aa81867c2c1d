"""From files to rows that may stand in the guide, or to all that is wrong with them."""

from catalog.packs.incoming import Incoming, IncomingRow
from catalog.packs.reading.pack import digest_of, read

__all__ = ["Incoming", "IncomingRow", "digest_of", "read"]
