"""What happens at scales, as CloudEvents on the stream EVENTS.

cloud_event.py   rows of a journal → CloudEvents, and back (cloud_event.schema.json)
stream.py        reads the stream from a position on
export.py        the stream → Parquet files by day, for `vision-ai report` (day_files.py: one day)
quality.py       running sums by store, scale, product and day, for the page, the metrics and the alerts
"""
