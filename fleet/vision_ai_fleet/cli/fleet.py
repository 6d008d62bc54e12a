"""The table of the commands of `vision-ai fleet`."""

from __future__ import annotations

from vision_ai_tools.cli.options import make_group

from . import (
    calls,
    center,
    config,
    conformance,
    doctor,
    events,
    files,
    identities,
    rollouts,
    run,
    scales,
    schedules,
)
from .options import FleetOptions

app = make_group(
    "Control the scales of a chain.\n\n"
    "A center keeps what is known of each scale, and gives jobs to the agents beside them. `vision-ai fleet up` runs "
    "one; `vision-ai agent` is the other side. docs/fleet.md leads through it.\n\n"
    "The commands ask the center of this computer (--folder), or the one that --credentials names.",
    FleetOptions,
)

CENTER, IDENTITIES, SCALES, JOBS, DATA = "Center", "Identities", "Scales", "Jobs", "Data"

app.command("up", rich_help_panel=CENTER)(center.run_center)
app.add_typer(config.app, name="config", rich_help_panel=CENTER)
app.command("doctor", rich_help_panel=CENTER)(doctor.check_fleet)
app.command("enrol", rich_help_panel=IDENTITIES)(identities.enrol)
app.command("rotate", rich_help_panel=IDENTITIES)(identities.rotate)
app.command("revoke", rich_help_panel=IDENTITIES)(identities.revoke)
app.command("identities", rich_help_panel=IDENTITIES)(identities.list_identities)
app.command("list", rich_help_panel=SCALES)(scales.list_scales)
app.command("show", rich_help_panel=SCALES)(scales.show_scale)
app.command("set", rich_help_panel=SCALES)(scales.set_scales)
app.command("call", rich_help_panel=SCALES)(calls.call_operation)
app.command("run", rich_help_panel=JOBS)(run.run_job)
app.command("jobs", rich_help_panel=JOBS)(rollouts.list_jobs)
app.command("status", rich_help_panel=JOBS)(rollouts.show_status)
app.command("pause", rich_help_panel=JOBS)(rollouts.pause_job)
app.command("resume", rich_help_panel=JOBS)(rollouts.resume_job)
app.command("cancel", rich_help_panel=JOBS)(rollouts.cancel_job)
app.add_typer(schedules.app, name="schedule", rich_help_panel=JOBS)
app.add_typer(files.backups_app, name="backups", rich_help_panel=DATA)
app.add_typer(files.files_app, name="files", rich_help_panel=DATA)
app.add_typer(events.app, name="events", rich_help_panel=DATA)
app.command("report", rich_help_panel=DATA)(events.report_events)
app.command("conformance", rich_help_panel=DATA)(conformance.check_conformance)
