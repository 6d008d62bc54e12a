"""The contenders, a module for each library. All do the same work, as its library's documentation shows it.

A contender is a class that is opened with the module's URL and how many calls may be under way at once:

    get_result()             one recognition as a model: `.sid`, `.items[0].id`, `.items[0].score`
    get_image()              the picture's bytes
    download(target)         the backup file to that path
    upload(source)           the file at that path as a restore
    close()

The asynchronous ones have coroutines of the same names; they are opened inside a running event loop.

They import nothing but their library and what they need to use it, because their import is measured too.
"""
