"""The report on how good the recognition is, made of the journals of tills.

journals.py    find journals, open them read-only, and say what is wrong with the others
aggregate.py   journals → sums: one pass over each journal, with the standard library alone (row_counter.py: its rows)
parquet.py     Parquet files → the same sums; parquet_queries.py their columns, parquet_parts.py several processes
changes.py     what happened to a module (restored, taught, another engine), and the weighings around it
intervals.py   confidence intervals and the test of a difference
figures.py     sums → figures, which is what the page, --json, --csv and the console show
charts.py      pictures of the figures; page.py the HTML page; tables.py the CSV tables
"""
