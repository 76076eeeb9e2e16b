"""A device of somebody else: written from docs/protocol.md alone, and from nothing else of this repository.

Names are those of that page. It keeps what it holds in memory; a real client stores `incarnation`, `number`, the
letters and the batch in flight before it sends them.
"""

import http.client
import json
import secrets
import time
import uuid
from urllib.parse import urlsplit

import zstandard
from blake3 import blake3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

BATCH = b"sazanami batch v1\0"
NOTE = b"sazanami note v1\0"
JST_MS, BOUNDARY_MS, DAY_MS = 9 * 3_600_000, 4 * 3_600_000, 86_400_000


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────


def letter_hash(salt: str, text: str) -> bytes:
    return blake3((salt + text).encode()).digest()


def batch_message(incarnation: uuid.UUID, number: int, hashes: list[bytes]) -> bytes:
    return BATCH + incarnation.bytes + number.to_bytes(8, "big") + len(hashes).to_bytes(8, "big") + b"".join(hashes)


def note_message(number: int, what: str) -> bytes:
    return NOTE + number.to_bytes(8, "big") + what.encode()


def verifies(public_hex: str, signature_hex: str, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_hex)).verify(bytes.fromhex(signature_hex), message)
    except InvalidSignature:
        return False
    return True


def derived_id(feed: str, kind: str, key: str) -> str:
    return str(uuid.uuid5(uuid.UUID(feed), f"{kind}\x1f{key}"))


def frame(item: bytes) -> bytes:
    return len(item).to_bytes(4, "big") + blake3(item).digest()[:8] + item


def new_id(ms: int) -> str:
    """UUID version 7."""
    number = (ms & (1 << 48) - 1) << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=number))


def service_day(ms: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime((ms + JST_MS - BOUNDARY_MS) // 1000))


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────


class Problem(Exception):
    """The whole request was refused."""

    def __init__(self, status: int, told: dict):
        super().__init__(f"{status} {told}")
        self.status, self.code, self.told = status, told["code"], told


class Server:
    def __init__(self, base: str):
        self.address = urlsplit(base)

    def open(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None):
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=60)
        connection.request(method, path, body, {"connection": "close"} | (headers or {}))
        response = connection.getresponse()
        if response.status == 200:
            return response
        raise Problem(response.status, json.loads(response.read()))

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None) -> dict:
        response = self.open(method, path, body, headers)
        read = response.read()
        if response.getheader("content-encoding") == "zstd":
            read = zstandard.ZstdDecompressor().decompressobj().decompress(read)
        return json.loads(read)

    def post(self, path: str, what: dict) -> dict:
        return self.ask("POST", path, json.dumps(what).encode(), {"content-type": "application/json"})


class Pairing:
    """A new device that shows a code and asks whether somebody has typed it."""

    def __init__(self, server: Server, name: str, purpose: str):
        self.server, self.key = server, Ed25519PrivateKey.generate()
        begun = server.post("/v1/pair", {"public_key": public_hex(self.key), "name": name, "purpose": purpose})
        self.code, self.secret, self.expires = begun["code"], begun["secret"], begun["expires"]

    def poll(self) -> dict:
        return self.server.post("/v1/pair/poll", {"secret": self.secret})

    def device(self) -> "Device":
        return Device(self.server, self.key, self.poll())


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


# ── a device ─────────────────────────────────────────────────────────────────────────────────────


class Device:
    """What a paired device knows, and the exchange."""

    def __init__(self, server: Server, key: Ed25519PrivateKey, paired: dict):
        self.server, self.key, self.paired = server, key, paired
        self.id, self.token = paired["device"], paired["token"]
        self.incarnation, self.number = uuid.uuid4(), 0
        self.epoch = self.cursor = None
        self.grants, self.error_ms, self.notes = 0, None, {}
        self.records: dict[str, dict] = {}

    def now(self) -> int:
        return int(time.time() * 1000) + (self.error_ms or 0)

    # writing

    def change(self, head: dict, author: str, writes: list[dict], act: str | None = None) -> str:
        """The bytes of a change, as they will be hashed, sent and kept."""
        made = {"id": new_id(self.now()), "act": act or new_id(self.now()), "head": head, "writes": writes,
                "author": author, "device": self.id, "basis": self.grants, "at": self.now(), "app": "python 1"}
        return json.dumps(made, ensure_ascii=False, separators=(",", ":"))

    def batch(self, texts: list[str]) -> str:
        """Puts changes into letters, and these into the next batch: the text of it."""
        return self.batch_of([(secrets.token_hex(16), text) for text in texts])

    def batch_of(self, letters: list[tuple[str, str]]) -> str:
        self.number += 1
        hashes = [letter_hash(salt, text) for salt, text in letters]
        signature = self.key.sign(batch_message(self.incarnation, self.number, hashes)).hex()
        inside = ",".join(f'{{"salt":"{salt}","bytes":{text}}}' for salt, text in letters)
        return (f'{{"incarnation":"{self.incarnation}","number":{self.number},"letters":[{inside}],'
                f'"signature":"{signature}"}}')

    # the exchange

    def request(self, batch: str | None = None, room: int | None = None) -> bytes:
        state = {"notes_seen": max(self.notes, default=0), "notes": [], "app": "python 1"}
        if self.cursor:
            state |= {"epoch": self.epoch, "cursor": self.cursor}
        if room:
            state["room"] = room
        text = json.dumps(state)
        return (text if batch is None else f'{text[:-1]},"batch":{batch}}}').encode()

    def send(self, body: bytes, packed: bool = False) -> dict:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        if packed:
            body = zstandard.compress(body)
            headers |= {"content-encoding": "zstd", "accept-encoding": "zstd"}
        return self.server.ask("POST", "/v1/sync", body, headers)

    def exchange(self, batch: str | None = None, room: int | None = None, packed: bool = False) -> dict:
        reply = self.send(self.request(batch, room), packed)
        self.store(reply)
        return reply

    def push(self, texts: list[str]) -> list[dict]:
        return self.exchange(self.batch(texts))["verdicts"]

    def pull(self, room: int | None = None) -> list[dict]:
        """Everything that is ready, page by page."""
        replies = [self.exchange(room=room)]
        while replies[-1]["more"]:
            replies.append(self.exchange(room=room))
        return replies

    def store(self, reply: dict):
        if self.epoch not in (None, reply["epoch"]):
            self.records.clear()  # a real client marks them, and offers what does not come again
        for record in self.records.values():
            held = record["head"].get("audiences", [])
            record["head"]["audiences"] = [atom for atom in held if atom not in reply["lost"]]
        self.records = {name: record for name, record in self.records.items()
                        if record["head"]["audiences"] and record["head"]["subject"] not in reply["forget"]}
        for record in reply["echoes"] + reply["page"]:
            stored = self.records.get(record["head"]["id"])
            if not stored or stored["seq"] <= record["seq"]:
                self.records[record["head"]["id"]] = record
        for note in reply["notes"]:
            if verifies(self.paired["server_key"], note["signature"], note_message(note["number"], note["what"])):
                self.notes[note["number"]] = note
        self.epoch, self.cursor, self.grants = reply["epoch"], reply["cursor"], reply["grants"]
        self.error_ms = reply["now"] - int(time.time() * 1000)

    # listening

    def listen(self):
        """The stream of pokes. It stands when this returns."""
        headers = {"authorization": f"Bearer {self.token}", "accept": "text/event-stream"}
        return Stream(self.server.open("GET", "/v1/pokes", headers=headers))

    def poll(self) -> list[str]:
        headers = {"authorization": f"Bearer {self.token}", "accept": "application/json"}
        return self.server.ask("GET", "/v1/pokes", headers=headers)["kinds"]

    # reading

    def of_kind(self, kind: str) -> list[dict]:
        return [record for record in self.records.values() if record["head"]["kind"] == kind]

    def facility(self) -> str:
        """The site that owns a shared device: the clear key of its own record."""
        return self.records[self.id]["head"]["keys"][0]


def shown(record: dict, field: str):
    """The entry of a field that was accepted last, or nothing."""
    entries = record.get("fields", {}).get(field, {}).get("entries", [])
    return entries[-1]["value"] if entries else None


class Stream:
    """Server-sent events."""

    def __init__(self, response):
        self.response, self.mark = response, None

    def next(self) -> list[str]:
        """Waits for the next event that tells something."""
        for line in self.response:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "id":
                self.mark = value
            if name == "data":
                return json.loads(value)
        raise EOFError("the stream has ended")

    def close(self):
        self.response.close()
