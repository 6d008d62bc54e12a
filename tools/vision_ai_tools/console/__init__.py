"""`vision-ai console`: a web page to check and set up a module, served by the terminal itself.

server.py        the socket, uvicorn, and the URL that people open
app.py           the HTTP routes: the page, its files, its WebSocket, actions, backups
access.py        who may use the console: Host, Origin, token
hub.py           connections to the browser tabs, and the state that they show
poller.py        reads from the module what the tabs show
recognition.py   watches what lies on the pan
actions.py       actions that take a moment
jobs.py          actions that take longer, one at a time
dispatcher.py    runs each action once
backup_store.py  the folder with backups
backup_origin.py which module a backup is of
quality.py       the figures of the console's journal
safe_json.py     JSON that any text and any number can be sent in
connection.py    limits for connections that send no request
errors.py        errors as JSON data for the page
page/            the page: HTML, CSS and JavaScript modules, without dependencies
"""
