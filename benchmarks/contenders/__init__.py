"""The contenders: one module for each library, used as its documentation shows.

A contender is a class that takes the module's URL and the number of concurrent calls:

    get_result()        return one recognition as a model: `.sid`, `.items[0].id`, `.items[0].score`
    get_image()         return the bytes of the picture
    download(target)    save the backup to that path
    upload(source)      restore from the file at that path
    close()

An asynchronous contender has coroutines of the same names, and is created inside a running event loop.
A contender that returns undecoded responses has a method `decode(response)`, which returns the model.

A contender imports only its library and what it needs to use it, because its import time is measured.
"""
