"""Print what the scales of a fleet recognize, as it comes: `python fleet_consumer.py viewer.creds`.

It needs nats-py and nkeys alone. `vision-ai fleet` makes the credentials of a viewer.
"""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
import base64
import json
import re
import ssl
import sys
from pathlib import Path

import nats


async def print_recognitions(file: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    [server] = re.findall(r"^server: *(\S+)", text, re.MULTILINE)
    [claims] = re.findall(r"USER JWT-+\s+[^.]+\.([^.]+)\.", text)
    user = json.loads(base64.urlsafe_b64decode(claims + "==="))["sub"]
    authority = re.findall(r"-----BEGIN CERTIFICATE-.*-END CERTIFICATE-----", text, re.DOTALL)
    tls = ssl.create_default_context(cadata="".join(authority) or None) if server.startswith("tls") else None
    client = await nats.connect(server, user_credentials=file, inbox_prefix=f"_INBOX_{user}", tls=tls)
    events = await client.subscribe("changes.events.*.*.recognition")
    await client.flush()
    print(f"connected to {server}", flush=True)
    async for message in events.messages:
        event = json.loads(message.data)
        _, _, store, scale, _ = message.subject.split(".")  # the engine checked it; the text is the agent's
        data = event["data"]
        print(
            event["time"], f"{store}/{scale}", data["guesses"][:1], "confirmed:", data["choice"], flush=True
        )


if __name__ == "__main__":
    asyncio.run(print_recognitions(sys.argv[1]))
