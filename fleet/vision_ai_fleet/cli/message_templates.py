"""Templates of the messages that errors, agents and controllers make in English. A test finds what is missing."""

from __future__ import annotations

from vision_ai_translations import N_

ERRORS = (
    # What there is not.
    N_("there is no scale {scale}"),
    N_("there is no scale {scale} in the store {store}"),
    N_("there is no scale {scales} and {count} more"),
    N_("there is no scale {scales} and {count} more in the store {store}"),
    N_("there is no file {name}"),
    N_("there is no job {id}"),
    N_("there is no rollout {id}"),
    N_("there is no schedule {name}"),
    N_("there is no center in {folder}"),
    N_("not found"),
    N_("See: {command}"),
    N_("Make one: vision-ai fleet up. Or name its folder: --folder."),
    N_("the scale {scale} is offline"),
    # Orders.
    N_("no scale was selected (no condition); see: vision-ai fleet list"),
    N_("no scale was selected ({conditions}); see: vision-ai fleet list"),
    N_(
        "the only scale that was selected is the one that the data set comes from: select another one, or name this "
        "one alone (`--scales`) to restore its own backup"
    ),
    N_("all scales that were selected are excluded from being the first"),
    N_(
        "the scale {scale} may not read a backup of the scale {source}: download it (`vision-ai fleet backups get`) "
        "and upload it as a data set"
    ),
    N_("{count} scales are too many for one rollout: select them by store"),
    N_("{kind} has no argument {name}; it has {arguments}"),
    N_("{kind} has no argument {name}; it has none"),
    N_("{kind} needs {arguments}"),
    N_("{name} is not a kind of job; there are {kinds}"),
    N_("expires_after must be 10 seconds to 60 days"),
    N_("stages must grow, not {stages}"),
    N_("{name} must be a number or 0% to 100%, not {value}"),
    N_("a stage must be a number or 0% to 100%, not {value}"),
    N_("window must be such as 22:00-06:00, not {value}"),
    N_("learn_mode must be 0 or 1, not {value}"),
    N_("{name} must be {low} to {high}, not {value}"),
    N_("{names} must be {limit} at the most"),
    N_("a condition must be such as engine=9.5.0, not {value}"),
    N_("scales have no field {name}; there are {fields}"),
    N_("{name} is true or false, not {value}"),
    N_("{what} must be 1 to 32 letters, digits, '-' or '_' (first a letter or digit), not {value}"),
    N_("another scope, or a schedule, has that name"),
    N_("there is a rollout or a schedule {name} already"),
    N_("there is a rollout {name}"),
    N_("Choose another name."),
    N_("Choose another name for the schedule."),
    N_("the rollout {id} has ended: {phase}"),
    # Schedules.
    N_("{kind} cannot be scheduled, as it needs a person to look at its outcome"),
    N_("at must be a time such as 02:30, not {value}"),
    N_("weekdays are {days}, not {value}"),
    N_("zone must be such as Europe/Berlin, not {value}"),
    N_("spread must be 0 seconds to less than a day"),
    N_("keep must be 0 or more, and expires_after at least 60 seconds"),
    # Rights.
    N_("the role {role} may not give orders to the chain"),
    N_("the role {role} may not give orders to the store {store}"),
    N_("Use an operator's credentials, or a manager's for a job on their store (--store)."),
    N_("the role {role} may not give orders to the scale {scale}"),
    N_("Use an operator's credentials, or those of the store's manager."),
    N_("the role {role} does not permit {operation}"),
    N_("these credentials do not permit it"),
    N_("a viewer may not read backups"),
    N_("Use an operator's or a manager's credentials."),
    # Credentials and enrolment.
    N_("these are not credentials of a fleet: `vision-ai fleet enrol STORE SCALE` makes them"),
    N_("the credentials are damaged: their secret cannot be read"),
    N_("the credentials are damaged"),
    N_("Have new ones made: vision-ai fleet enrol"),
    N_("the scale {scale} is enrolled already"),
    N_("New credentials for it: {command}. The old ones become void."),
    N_("the code has a typing error: it has seven groups of four letters and digits"),
    N_("the code is unknown, expired, or was used; have a new one made"),
    N_("too many attempts; wait a minute"),
    N_("the center cannot enrol now; try again"),
    N_("Try again in a minute."),
    N_("the page responded with the status {status}"),
    N_("the center's address must be such as https://host:8443, not {url}"),
    N_("the fingerprint must have 64 hexadecimal digits"),
    N_("without TLS, a code is sent only to this computer: use https://"),
    N_("the center at {host} is another one: its authority has another fingerprint"),
    N_("Compare the fingerprint with what the center printed. The code was not sent."),
    N_("the certificate of {host} cannot be trusted: {reason}"),
    N_("Use the name that the certificate has, and the fingerprint that the center printed."),
    N_("the center's page at {host} does not respond: {reason}"),
    N_("Check the address, and that `vision-ai fleet up` runs there."),
    # The connection, and files.
    N_("the center did not respond in time"),
    N_("Try again: vision-ai fleet doctor"),
    N_("the connection to the center failed: {reason}"),
    N_("the certificate of the center {server} is not trusted: {reason}"),
    N_(
        "These credentials are of another center, or its certificate lacks this name: `vision-ai fleet up --address "
        "NAME` adds it."
    ),
    N_("the center {server} does not respond: {reason}"),
    N_("Check that it runs: `vision-ai fleet up`."),
    N_("the center {server} refuses these credentials"),
    N_("They were revoked, have ended, or are of another center: have new ones made."),
    N_("the connection to the center is broken"),
    N_("somebody else changed the same entry in the meantime"),
    N_("somebody else changed {entry} in the meantime"),
    N_("the engine refused: {reason}"),
    N_("the center has no space left for the file"),
    N_("Free space there: fewer backups (--keep), or a larger disk."),
    N_("the file {name} was changed after it was named: its digest is another one"),
    N_("Do not use it. Make the backup again, or upload the file again."),
    N_("the file {name} is no longer complete in the center"),
    # The center's own computer.
    N_("{settings} cannot be read: {reason}"),
    N_("{settings} has an unknown setting: {names}"),
    N_("an address must be HOST or HOST:PORT, not {value}"),
    N_("a center already runs in {folder}"),
    N_("a center already runs in {folder} (process {process})"),
    N_("Use it as it is, or end that process first. A second center needs a folder of its own: --folder."),
    N_("a cluster has 3 or 5 servers, not {count}: most of them must agree"),
    N_("the certificate {certificate} and the key {key} cannot be used: {reason}"),
    N_("{program} is not a program"),
    N_("nats-server was not found"),
    N_("{program} cannot be run: {reason}"),
    N_("{program} is not a nats-server: it prints {value}"),
    N_("{program} is nats-server {version}, which is too old"),
    N_("another program listens on {address}"),
    N_("End it, or choose another port: --listen HOST:PORT."),
    N_("nats-server did not start: {reason}"),
    N_("See {file}."),
    N_("an earlier nats-server of this center does not end (process {process})"),
    N_("End it by hand."),
    # The agent's computer.
    N_(
        "the agent needs the credentials of its scale: --credentials scale.creds, or [center] credentials = …"
    ),
    N_(
        "these are the credentials of the role {role}; an agent needs those of its scale: `vision-ai fleet enrol "
        "STORE SCALE` makes them"
    ),
    N_("{path} is not valid TOML: {reason}"),
    N_("{place}: there is no setting {name} here; there are {tables}"),
    N_("{place}: [{table}] {name} must be {expected}"),
    N_("{place}: [{table}] has no setting {name}; there are {names}"),
    N_("an agent is installed with systemd or on Windows"),
    N_(
        "Let this computer's own supervisor run `python -m vision_ai_fleet.agent --credentials FILE`, or give a "
        "mounted system by --root."
    ),
    N_("{file} has the role {role}; an agent needs that of its scale"),
    N_("{path} must be an absolute path: the agent runs in another folder"),
    N_("{path} has a character that a service's settings cannot have"),
    N_("{path} cannot be written: {reason}"),
    N_("Run the command as root, or as an administrator on Windows."),
    N_("{command} failed: {reason}"),
    N_("the relay cannot listen on {host}, port {port}: {reason}"),
    N_("Choose another port ([till] relay_port), and give the till the new address."),
    N_("the agent's folder {folder} cannot be made: {reason}"),
    N_("Name another one: [agent] data = …"),
    N_("another agent uses {file}"),
    N_("End it, or name another folder: [agent] data = …"),
    N_("the agent's file {file} cannot be opened: {reason}"),
    N_("Name another folder: [agent] data = …"),
)
"""What the fleet's own errors say, and what to do."""
OUTCOMES = (
    # Why a rollout was aborted.
    N_("The first scale, {scale}, failed: {reason}"),
    N_("{failures} of {count} scales failed: {reason}"),
    N_("no reason given"),
    N_(
        "The module refused the data set with -6142: this firmware ties a data set to the device that it was made on, "
        "so it cannot be given to other scales. Nothing was changed on them. Teach them from a catalog instead: "
        "`vision-ai fleet run teaching-list` lists for each store what its modules do not know."
    ),
    # What a controller says of a scale.
    N_("nobody had begun it when the rollout ended"),
    N_("the scale was not connected in time"),
    N_("the scale began and did not report its end"),
    N_("the center has no backup of this scale"),
    N_("the center has no queue for this store: enrol the scale again"),
    N_("withheld"),
    # What an agent says of a job.
    N_("it was begun and broken off: check the scale, then order it again if it is needed"),
    N_("the scale could not begin it in time"),
    N_("the next run of its schedule came before it could begin"),
    N_("waits for its window {window}"),
    N_("waits for a pause of the till"),
    N_("this agent is too old for the job {kind}: update it"),
    N_("the job's fields have other types than this agent knows: update it"),
    N_("forged"),
    N_("the agent failed: {reason}"),
    N_("this firmware restores a backup only on the module that it was made of ({code})"),
    N_("the backup was made by another version of the recognition engine ({code})"),
    N_(
        "Do not roll this data set out to other scales. Teach their products instead: `teaching_list` says which."
    ),
    N_("Choose a backup of the same engine, or update the module's firmware first."),
    N_("the module did not come back: {reason}"),
    N_("Check the module's power and cable, or run the job `doctor`."),
    N_("the module cannot be reached"),
    N_("Run the job `doctor`."),
    N_("this agent cannot check the contract: {package} is not installed"),
    N_("Install it on the scale: pip install 'vision-ai-module[cli]'"),
    N_("{name} is not a firmware file: those of the vendor have {part} in their names"),
    N_("a fleet's conformance check only reads: effects must be 'read'"),
    N_("the file {name} is not the one that this job means: its digest is another one"),
    N_("Nothing was sent to the module. Upload the file again, and make a new job."),
)
"""What is kept of jobs and rollouts, beside the module's own errors."""
PHASES = (
    *(N_("download"), N_("upload"), N_("checking"), N_("comparing"), N_("setting"), N_("restarting")),
    *(N_("waiting"), N_("uploading"), N_("downloading"), N_("backing up"), N_("restoring")),
)
"""The phases of a job on a scale."""
