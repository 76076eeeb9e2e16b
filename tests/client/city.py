"""The invented city of the real server, and the hands of its office: what is done on a screen, not by the protocol."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from sazanami import Server

AT = "2026-11-24 08:15"


class City:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="sazanami-client-")
        self.log = open(Path(self.folder, "..", f"{Path(self.folder).name}.err"), "w+")
        program = Path(os.environ["SAZANAMI_BIN"], "sazanami-server")
        data = Path(self.folder, "data")
        self.process = subprocess.Popen([program, "demo", "--data", data, "--port", "0", "--at", AT],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.base = self.wait()
        self.server = Server(self.base)
        self.doors = {door["key"]: door for door in json.loads(Path(data, "demo.json").read_text())["doors"]}

    def wait(self) -> str:
        base = None
        for line in self.process.stdout:
            base = base or next(iter(re.findall(r"http://127\.0\.0\.1:\d+", line)), None)
            if "PINs" in line:
                return base
        self.log.seek(0)
        raise RuntimeError(f"the server ended: {self.log.read()[-2000:]}")

    def person(self, key: str) -> str:
        return self.doors[key]["person"]

    def office_facility(self, office: "Browser") -> str:
        """Where she works in the office."""
        return office.ask(query="me")["view"]["office_of"][0]

    def browser(self, key: str) -> "Browser":
        return Browser(self.server, self.doors[key]["token"])

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()
        os.remove(self.log.name)
        shutil.rmtree(self.folder)


class Browser:
    """Somebody who is signed in."""

    def __init__(self, server: Server, token: str):
        self.server = server
        body = json.dumps({"token": token}).encode()
        response = server.open("POST", "/v1/app/sign-in", body, {"content-type": "application/json"})
        self.cookie = response.getheader("set-cookie").partition(";")[0]
        response.read()

    def host(self, **request) -> dict:
        return self.send("/v1/app/host", request)

    def ask(self, **query) -> dict:
        return self.send("/v1/app/ask", query)

    def send(self, path: str, what: dict) -> dict:
        headers = {"content-type": "application/json", "cookie": self.cookie}
        return self.server.ask("POST", path, json.dumps(what).encode(), headers)
