"""`vision-ai console`: a page to look at a module and to set it up with, served by the terminal itself.

server.py     a socket and uvicorn; the address that people open
app.py        the paths: the page, its files, its WebSocket, actions, backups
guard.py      who may come in: Host, Origin, token
tabs.py       the open tabs: what each looks at, and what each still has to be told
watch.py      asks the module what the tabs look at, one question at a time, for all of them together
desk.py       what people have done: short actions and long jobs
failures.py   errors as the page tells them
page/         what the browser runs: plain HTML, CSS and JavaScript modules, nothing from elsewhere
"""
