"""A Parlance client: python3 client.py http://127.0.0.1:8080 NAME TEXT (needs: pip install websockets).
Signs in, says TEXT in the lobby, and prints the lobby's log until TEXT is stored and read back."""
import asyncio, json, secrets, sys, urllib.request
from websockets import ConnectionClosed
from websockets.asyncio.client import connect


def sign_in(base, name):
    body, headers = json.dumps({"name": name}).encode(), {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{base}/api/session", body, headers)) as answer:
        return {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}


def show(event):  # a kind of a later version is shown by its name
    print(event["seq"], event["author"]["name"], event["content"].get("body", event["content"]["kind"]))
    return event["seq"]


async def chat(base, name, text):
    client_id, last, stored = secrets.token_hex(16), 0, None  # one id for every attempt: sent twice, stored once
    address, headers = base.replace("http", "ws", 1) + "/ws", sign_in(base, name)
    async for socket in connect(address, subprotocols=["parlance.v1"], additional_headers=headers):  # reconnects
        try:
            say = lambda kind, **fields: socket.send(json.dumps({"type": kind, **fields}))
            read = lambda: say("read", request=1, room=room, **{"from": last + 1, "to": 2**53 - 1})
            await say("hello", protocol=1, client="client.py/1")
            async for message in socket:
                match json.loads(message):
                    case {"type": "welcome", "rooms": rooms}:
                        room = next(room["id"] for room in rooms if room["name"] == "lobby")
                        await read()
                        await say("send", room=room, client_id=client_id, action={"kind": "message", "body": text})
                    case {"type": "page", "to": to, "head": head, "events": events}:
                        for event in events:
                            last = show(event) if event["seq"] == last + 1 else last
                        if to < head: await read()
                    case {"type": "event", "room": where, "event": event} if where == room and event["seq"] > last:
                        if event["seq"] == last + 1:
                            last = show(event)
                        else: await read()  # something is missing: the log has it
                    case {"type": "stored", "client_id": id, "seq": seq} if id == client_id:
                        stored = seq
                if stored and last >= stored: return
        except ConnectionClosed:
            continue


asyncio.run(chat(*sys.argv[1:]))
