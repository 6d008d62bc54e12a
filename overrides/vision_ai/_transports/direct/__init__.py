"""The direct transport: plain HTTP/1.1 to one host over a socket, parsed by llhttp (httptools).

transport        a request's path over a connection, and its response
sync             connections for threads
async_           connections for asyncio
connection       one connection: sends a request, receives a response
request_writer   request → bytes
response_parser  bytes → response
address          where connections go, and where they come from

A connection is written once, in coroutines that wait for nothing but "this socket can be read" or "can be
written". The synchronous one waits in poll(), the asynchronous one in the event loop.
"""
