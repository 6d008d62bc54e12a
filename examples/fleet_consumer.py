"""Print what the scales of a fleet recognize: `python fleet_consumer.py viewer.creds`.

It needs nats-py and nkeys alone. It begins with what is new, and started again it goes on where it ended.
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
    stream = client.jetstream()
    # The center made this viewer's position in the stream, under the name of the public key.
    subscription = await stream.pull_subscribe_bind(consumer=user, stream="EVENTS")
    print(f"connected to {server}", flush=True)
    while True:
        try:
            messages = await subscription.fetch(100, timeout=5)
        except TimeoutError:
            continue
        for message in messages:
            await message.ack()
            event = json.loads(message.data)
            data = event["data"]
            if event["type"] != "vision_ai.recognition.v1":
                continue
            print(
                event["time"], event["source"], data["guesses"][:1], "confirmed:", data["choice"], flush=True
            )


if __name__ == "__main__":
    asyncio.run(print_recognitions(sys.argv[1]))
