"""Reading a list of products from a file.

`text_encoding` decodes it, and finds out the encoding; `csv_file` reads its rows.
"""
