"""What carries a request to a module. `base.Transport` is the only interface that carries bytes.

base           Transport, Request, Response, and the failures of a transport
selection      URL and options → transport
urls           the parts of a URL
direct/        plain HTTP/1.1 to one host over a socket: the ordinary case
httpx_adapter  any httpx transport or client as a Transport
per_loop       httpx's transports, one for each event loop
fallback       plain http:// over httpx, where the direct transport cannot run
httpx_client   an httpx.Client of the program as an httpx transport
file_region    a part of a file in a request's body, which the kernel can send
left_out       what replaces a backup in a recording without secrets
upload         a file that a caller gives
har/           recordings: Recorder wraps another Transport, Player plays a recording back
"""
