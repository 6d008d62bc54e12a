"""The page of a fleet, which `vision-ai fleet up` serves in the style of `vision-ai console`.

server.py    the socket, uvicorn, and the URLs that people open
part.py      the page as a part of a center, center.py its data
access.py    who sees the page, and who acts on it
app.py       the HTTP routes
reads.py     what the views ask for
live.py      what every tab receives without a request
index.py     all scales in memory; lists, filters and parts of them
query.py     what a list can be asked for
counts.py    counters that are kept up to date
rows.py      what lists show of a scale
rollouts.py  what the page shows of rollouts
actions.py   what an operator does
consoles.py  the consoles of single scales
quality.py   figures of recognition
values.py    values of agents, made harmless
data.py      what the page needs of the fleet
assets/      the page: HTML, CSS and JavaScript modules; more of them are the console's
"""
