"""Schema 3: persons found by the figures of their number, however it was written. Must not import anything."""

_INDEX = "CREATE INDEX person_phone ON person (replace(replace(replace(phone, ' ', ''), '-', ''), '+', ''))"

STATEMENTS = {"sqlite": (_INDEX,), "postgresql": (_INDEX,)}
