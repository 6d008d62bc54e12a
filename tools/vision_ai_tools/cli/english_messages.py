"""Messages that the SDK and the operating system make in English, translated for the terminal."""

from __future__ import annotations

from vision_ai_translations import N_

from .message_templates import MessageTemplates

SDK = (
    # No connection, no response, no valid response
    N_(
        "{operation}: the module cannot be reached ({reason}). Is it switched on, and is this terminal's address on "
        "the USB network 172.22.0.7/24?"
    ),
    N_("{operation}: the module cannot be reached ({reason})."),
    N_(
        "{operation}: no complete response within {seconds} s ({reason}). The module may have carried out the request."
    ),
    N_("{operation}: no complete response within {seconds} s. The module may have carried out the request."),
    N_(
        "{operation}: the response is not valid HTTP ({reason}). The module may have carried out the request."
    ),
    N_(
        "{operation}: the connection broke before the response was complete ({reason}). The module may have carried "
        "out the request."
    ),
    N_("{operation}: the response is not in the protocol: {reason}. It begins {start}."),
    N_(
        "{operation}: not sent, because the module does not answer which version of the API it has: {failure}"
    ),
    N_("the module was not ready within {seconds} s. Last failure: {failure}"),
    N_("the module was not ready within {seconds} s. It has not gone down to restart."),
    N_("learn: no picture was taken, because the module does not answer: {failure}"),
    N_("{operation}: given up, the response has more than {number} bytes"),
    N_("it reports success, without the file that belongs to it"),
    N_("it reports success, without the data that belong to it"),
    N_("it is neither a JPEG nor an error in the module's format"),
    N_("it is no file, and has more than {number} bytes"),
    N_("no response in time"),
    N_("no connection in time"),
    N_("the name was not found in time"),
    N_("the request was not accepted in time"),
    N_("nothing of the request was accepted in time"),
    N_("the response's body stopped arriving"),
    N_("the response's body did not come complete in time"),
    N_("more came than the response's length announced"),
    N_("before the request was sent: {reason}"),
    N_("while the request was sent: {reason}"),
    N_("while the request was sent"),
    N_(
        "the request was not accepted in time; a response that came before that cannot be read over this connection"
    ),
    N_("while the request was sent; a response that came before that cannot be read over this connection"),
    N_("{operation}: the response has the Content-Encoding {coding}: {reason}."),
    N_("no socket ({reason})"),
    N_("its packed data break off"),
    N_("this coding was not asked for and is not known"),
    N_("its data are not packed so"),
    N_("no address of the same family as the local address"),
    N_("cannot be bound to the interface {interface}: {reason}"),
    N_("cannot come from {address}: {reason}"),
    N_("it has HTTP status {status}"),
    N_("it is not JSON"),
    N_("it is JSON, but not an object"),
    N_(
        "not sent: another call of this client was still under way after {seconds} s. The module handles one request "
        "at a time; give the call more time, or wait for the other one."
    ),
    N_(
        "{operation}: the module reported success before it had received the whole request, and then received no more. "
        "It may have carried out the request."
    ),
    N_("{operation}: only {done} of {total} bytes came"),
    N_("{operation}: what the module sent is not a backup: {reason}. It was not saved."),
    # Backups and restores
    N_("the backup was not made: {reason} (status {status}). {advice}"),
    N_("the backup was not made: {reason} (status {status})."),
    N_("the backup was not made: {failure}"),
    N_("the restore failed: {reason} (status {status}). {advice}"),
    N_("the restore failed: {reason} (status {status})."),
    N_("the restore failed: {failure}"),
    N_("{operation}: {name} ({code}): {meaning}"),
    N_("{operation}: the module was not done after {seconds} s. It may still be working."),
    N_(
        "{operation}: the outcome is unknown after {seconds} s: the module could not be asked at the end. It may have "
        "finished, failed, or still be working. Last failure: {failure}"
    ),
    N_("the module has no such task; it may have restarted meanwhile, before or after it was done"),
    N_("the module has no such task; it may have restarted meanwhile"),
    N_("the module reports no restore: it did not start, or it ended before the first query"),
    N_("the module named no file"),
    N_("the module could not create the file"),
    N_("the module could not restore the data"),
    N_("the module could not verify the data"),
    N_("the module ended it with a status that this version does not know"),
    N_("{file} is not a backup: {reason}. Nothing was sent."),
    N_("{file} is empty: it is not a backup"),
    # Operations of the other version
    N_(
        "{operation} exists only in V2, and the module speaks version V1 of the API. Nothing was sent. It needs newer "
        "firmware; until then use the operations of V1."
    ),
    N_(
        "{operation} exists only in V2, and --api v1 was set. Nothing was sent. If the module has V2, leave out --api."
    ),
    N_(
        "{operation}: the module speaks version V2 of the API, and {reason}. Nothing was sent. With --api v1 the form "
        "of V1 can still be tried."
    ),
    N_(
        "{operation}: --api v2 was set, and {reason}. Nothing was sent. With --api v1 the form of "
        "V1 can still be tried."
    ),
    N_("V2 has an operation for it ('{title}'), but its form is not known"),
    N_("Get the calibration area"),
    N_("Report the product that was chosen"),
    N_("Get the status of an import"),
    N_("Get the status of an export"),
    N_("Export the templates"),
    N_("Import templates"),
    N_("Reset to factory settings"),
    N_("Restart the module"),
    N_("Set the learning mode"),
    N_("Get the learning mode"),
    N_("V2 does not have it: templates of products take effect at once, see learn()"),
    N_("a code that this version does not know"),
    # Values
    N_("{operation}: {name} must be {least} to {most}, not {value}"),
    N_("{operation}: {name} must be not empty, not {value}"),
    N_("{operation}: {name} must be at most {number} characters, not {value}"),
    N_("{operation}: {name} must be of the form {pattern}, not {value}"),
    N_("{operation}: {name} must be one of {choices}, not {value}"),
    N_("{operation}: {sum} is {total}, at most {limit} is possible"),
    N_("{name} must be a number of seconds above 0 and at most {limit}, not {value}"),
    N_("{name} must be a whole number from {least} up, not {value}"),
    N_("{url} is not a usable URL: {detail}"),
    N_("{url} names no host; write for example {example}"),
    N_("{url}: the port must be 1 to 65535"),
    N_("{url}: remove what follows '?' or '#'"),
    N_("the URL for {host} has a user or password: the module knows neither"),
    N_("{url}: no transport for {scheme}; known are {known}"),
    N_("unix: needs Unix sockets, which Python does not have on this platform"),
    N_("{url} is not a URL; write for example {example} or {other}"),
    N_("{url} names no socket; write for example {example}"),
    N_("{url}: a socket's path has at most {number} bytes"),
    N_("{url} needs more than is installed ({detail}): {command}"),
    N_("proxy {url} cannot be used: {detail}"),
    N_("local_address must be an address of this computer such as {example}, not {value}"),
    N_("interface must be the name of a network interface such as {example}, not {value}"),
    N_("interface needs Linux (SO_BINDTODEVICE); give local_address, the address of that interface, instead"),
    N_("interface={interface} needs the module's address on USB, not {url}"),
    N_("delimiter must be one character, such as {example}, not {value}"),
    N_("encoding: Python knows no text encoding {name}"),
    N_("{operation}: the product's name is missing: give name=, or VisionAI(catalog=…)"),
    N_("{operation}: the catalog has no name for {product}: give name=, or add it to the catalog"),
    N_("confirm: the module gave this recognition no number (sid), so there is no feedback"),
    # Catalogs, recordings and journals
    N_("{file} is empty: its first line must name the columns (id, name)"),
    N_("{file} has no products: there is nothing after the names of the columns"),
    N_(
        "{file}, line {line}: there is no column {name}; the columns are {columns}. The first line must name the "
        "columns, at least id and name"
    ),
    N_("{file}, line {line}: too few fields, {count} of the {total} that the first line names"),
    N_(
        "{file}, line {line}: too many fields, {count} where the first line names {total}: put a field that contains "
        "the delimiter in quotation marks"
    ),
    N_("{file}, line {line}: two columns are named {name}"),
    N_("{file}, line {line}: the {column} is empty"),
    N_("{file} does not contain {request}. {detail}"),
    N_("record: {file} is not a file that can be continued"),
    N_("{file} is not a journal that can be read: {detail}"),
    N_("{file} is not a journal"),
    N_("{file} is locked by another program"),
    N_("{file} cannot be used: {detail}"),
    # What is wrong with a file
    N_("{file}, line {line}: {problem}"),
    N_(
        "a quotation mark inside a quoted field, or a quoted field that is not closed: write a quotation mark that "
        'belongs to the text twice ("")'
    ),
    N_('a quoted field begins here, or in this line, and is never closed: a quotation mark (") is missing'),
    N_(
        "{file}, line {line}: {what}: it is not a text file, or in an encoding that must be named "
        "(encoding={example}, for example)"
    ),
    N_("{file}, line {line}: it is not {encoding}"),
    N_("{file}: it is not {encoding}"),
    N_("{file}, line {line}: it is not UTF-8, and whether it is CP1251 or GB18030 cannot be told. {advice}"),
    N_("{file}: it is not UTF-8, and whether it is CP1251 or GB18030 cannot be told. {advice}"),
    N_("{file}: whether it is UTF-8 or GB18030 cannot be told. {advice}"),
    N_("the module names its backup {name}: no file can have that name"),
    N_("it has version {number} of the schema, this SDK knows {other}: update it"),
    N_("it is a database of another program"),
    N_(
        "journal: another client of this program writes to {file} with other limits or pictures; give both "
        "the same, or choose another name"
    ),
    N_("record: another program is recording in {file}; choose another name"),
    N_("record: {file} exists and was not written by this SDK; it stays unchanged: choose another name"),
    N_("record: {file} is a recording with secrets: choose another name"),
    N_("record: {file} is a recording without secrets: choose another name"),
    N_("{file} contains {request}, but was made without contents: export it again, with them"),
    N_("file: {file} is not an ordinary file"),
    N_("file: {file} cannot be a path: {detail}"),
    N_("{file} is not a profile: it is not a JSON object"),
    N_("{file} is not a profile: it is not JSON ({detail})"),
    N_("{file}: it is not a profile: {field} is missing"),
    N_("{file}: it needs a newer version of this SDK ({field}): update it, or create the profile again"),
    N_('Save it as UTF-8, or give encoding=, for example encoding="cp1251"'),
)
FILES = (
    N_("it is an HTML or XML page"),
    N_("it is a short text"),
    N_("it is a short JSON document"),
    N_("it is empty"),
    N_("it is a PNG picture"),
    N_("it is a GIF picture"),
    N_("it is a PDF document"),
    N_("it is an HTTP response"),
    N_("{file}, line {line}: the id {id} is already in line {other}"),
    N_("the file became shorter while it was sent"),
    N_("{reason} (make the folder first)"),
    N_("cannot write in this folder: {reason}"),
    N_("it is a JPEG picture"),
    N_("{file} is not a text file but an Excel workbook or a ZIP file: save the list as CSV"),
    N_("{file} is not a text file but an Excel workbook: save the list as CSV"),
)
LESSON = (
    N_("Nothing of this attempt is left on the module: its pictures were deleted."),
    N_("Nothing of this attempt is left on the module: its templates were deleted."),
    N_("Picture {number} of {product} is still in the cache: {failure}"),
    N_("Template {number} of {product} was added and stays: {failure}"),
    N_(
        "Perhaps a picture of {product} whose number is not known is still in the cache: it may be one of {numbers}."
    ),
    N_("Perhaps a picture of {product} whose number is not known is still in the cache."),
    N_(
        "Perhaps a template of {product} whose number is not known was added and stays: it may be one of {numbers}."
    ),
    N_("Perhaps a template of {product} whose number is not known was added and stays."),
    N_(
        "It is not known whether the pictures of {product} were committed or are still in the cache: look at the list "
        "of products and at the cache before you teach it again."
    ),
    N_(
        "The module may still be committing: pictures {numbers} of {product} are in the cache. Look at the cache "
        "again; commit what is still there, or delete it."
    ),
    N_("The cache is empty and {product} is not recognized: the module restarted. Teach it again."),
    N_(
        "The pictures of {product} are no longer in the cache, and the module recognizes it: the commit was probably "
        "carried out. Check that the product is recognized."
    ),
    N_(
        "The pictures of {product} are no longer in the cache: the commit was probably carried out. Check that the "
        "product is recognized."
    ),
)
"""What a lesson that failed has left on the module."""
SYSTEM = (
    N_("Connection refused"),
    N_("Connection reset by peer"),
    N_("No route to host"),
    N_("Network is unreachable"),
    N_("timed out"),
    N_("Connection timed out"),
    N_("Name or service not known"),
    N_("Address already in use"),
    N_("Cannot assign requested address"),
    N_("No such file or directory"),
    N_("no such folder"),
    N_("Permission denied"),
    N_("File exists"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("No space left on device"),
    N_("Read-only file system"),
    N_("File name too long"),
)
TEMPLATES = (*SDK, *FILES, *LESSON, *SYSTEM)
_MESSAGES = MessageTemplates(TEMPLATES)


def translate_message(text: str) -> str:
    """Translate a message into the language of this process."""
    return _MESSAGES.translate(text)
