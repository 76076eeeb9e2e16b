"""docs/protocol.md against the real server. Every sentence here is one of that page."""

import json
import re
import secrets
import threading
import unittest
import uuid
from pathlib import Path

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from city import City
from sazanami import (Device, Pairing, Problem, Server, batch_message, derived_id, frame, letter_hash, new_id,
                      note_message, public_hex, service_day, shown, verifies)

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"


def block(word: str) -> str:
    return re.search(rf"^```{word}[^\n]*\n(.*?)\n```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)[1]


class TheBytes(unittest.TestCase):
    """Needs no server."""

    def test_hashes_and_signature_are_those_of_the_page(self):
        page = json.loads(block("json vectors"))
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(page["seed"]))
        self.assertEqual(public_hex(key), page["public_key"])
        hashes = [letter_hash(letter["salt"], letter["bytes"]) for letter in page["letters"]]
        self.assertEqual([hash.hex() for hash in hashes], [letter["hash"] for letter in page["letters"]])
        message = batch_message(uuid.UUID(page["incarnation"]), page["number"], hashes)
        self.assertEqual(message.hex(), page["message"])
        self.assertEqual(key.sign(message).hex(), page["signature"])

    def test_what_else_is_derived_is_that_of_the_page(self):
        page = json.loads(block("json derived"))
        note, of_key, framed = page["note"], page["id"], page["frame"]
        self.assertEqual(note_message(note["number"], note["what"]).hex(), note["message"])
        self.assertTrue(verifies(note["server_key"], note["signature"], note_message(note["number"], note["what"])))
        self.assertEqual(derived_id(of_key["feed"], of_key["kind"], of_key["key"]), of_key["id"])
        self.assertEqual(frame(bytes.fromhex(framed["item"])).hex(), framed["framed"])

    def test_the_exchange_of_the_page_verifies(self):
        text = block("json exchange")
        key = re.search(r"```json exchange ([0-9a-f]{64})", PAGE.read_text())[1]
        batch = json.loads(text)["batch"]
        letters = re.findall(r'"salt": "([0-9a-f]{32})",\s*"bytes": (\{.*\})', text)
        hashes = [letter_hash(salt, letter) for salt, letter in letters]
        self.assertEqual(len(hashes), len(batch["letters"]))
        message = batch_message(uuid.UUID(batch["incarnation"]), batch["number"], hashes)
        self.assertTrue(verifies(key, batch["signature"], message))


class AtTheServer(unittest.TestCase):
    """One city for all: each test begins with devices of its own lives."""

    paired: dict[str, tuple] = {}

    @classmethod
    def setUpClass(cls):
        if not hasattr(AtTheServer, "city"):
            AtTheServer.city = city = City()
            unittest.addModuleCleanup(city.stop)
            AtTheServer.server, AtTheServer.office = city.server, city.browser("office")
            AtTheServer.caregiver = city.person("caregiver")
            AtTheServer.facility = city.office_facility(AtTheServer.office)

    def refused(self, status: int, code: str, call, *arguments, **named):
        with self.assertRaises(Problem) as caught:
            call(*arguments, **named)
        self.assertEqual((caught.exception.status, caught.exception.code), (status, code))
        self.assertEqual(sorted(caught.exception.told), ["code", "message", "support"])

    def tablet(self, name: str) -> Device:
        """A tablet that holds nothing: paired once, since doors for anybody count tries."""
        if name not in self.paired:
            pairing = Pairing(self.server, name, "class_tablet")
            self.office.host(request="pair_confirm", code=pairing.code, facility=self.facility)
            self.paired[name] = pairing.key, pairing.poll()
        return Device(self.server, *self.paired[name])

    def children(self, device: Device) -> list[str]:
        """Children who belong to the site today."""
        today = service_day(device.now())
        placed = [record for record in device.of_kind("placement")
                  if record["head"]["keys"][1] == self.facility and shown(record, "from") <= today
                  and (shown(record, "until") or today) >= today]
        return sorted({record["head"]["keys"][0] for record in placed})

    def arrival(self, device: Device, child: str, feed: str | None = None) -> str:
        feed = feed or self.facility
        audiences = [f"staff@{feed}", f"care@{child}", f"family@{child}", f"basics@{child}"]
        head = {"id": new_id(device.now()), "kind": "punch", "feed": feed, "subject": child,
                "day": service_day(device.now()), "keys": [child], "audiences": audiences}
        writes = [{"field": "sort", "value": "arrival"}, {"field": "at", "value": device.now()}]
        return device.change(head, self.caregiver, writes)


class PairingAndJoining(AtTheServer):
    def test_a_device_is_paired_when_somebody_has_typed_its_code(self):
        pairing = Pairing(self.server, "うさぎ組 8", "class_tablet")
        self.assertRegex(pairing.code, r"^\d{6}$")
        waiting = pairing.poll()
        self.assertEqual(waiting, {"paired": False, "code": pairing.code, "expires": pairing.expires})
        self.refused(404, "not_found", self.server.post, "/v1/pair/poll", {"secret": "x"})
        self.office.host(request="pair_confirm", code=pairing.code, facility=self.facility)
        first, second = pairing.device(), pairing.device()
        self.assertEqual((first.id, first.paired["purpose"]), (second.id, "class_tablet"))
        second.pull()
        self.assertEqual(second.facility(), self.facility)
        self.refused(401, "signed_out", first.exchange)

    def test_what_is_no_device_begins_no_pairing(self):
        for wrong in [{"public_key": "x", "name": "a"}, {"public_key": "0" * 64, "name": ""}]:
            self.refused(400, "bad_input", self.server.post, "/v1/pair", wrong)
        self.refused(422, "bad_input", self.server.post, "/v1/pair", {"name": "a"})
        self.refused(415, "bad_input", self.server.ask, "POST", "/v1/pair", b"{}")

    def test_a_phone_joins_by_an_invitation_once_and_sees_nothing_until_it_is_confirmed(self):
        tablet = self.tablet("うさぎ組 1")
        tablet.pull()
        child = self.children(tablet)[0]
        invitation = self.office.host(request="invite", child=child, facility=self.facility)
        looked = self.server.post("/v1/join/look", {"token": invitation["code"]})
        self.assertTrue(looked["facility_name"])
        self.assertEqual(len(looked["initial"]), 1)
        key = Ed25519PrivateKey.generate()
        join = {"token": invitation["code"], "name": "佐々木 花", "kana": "ささき はな", "relation": "aunt",
                "phone": "", "public_key": public_hex(key), "device_name": "スマートフォン"}
        phone = Device(self.server, key, self.server.post("/v1/join", join))
        self.assertEqual(phone.paired["purpose"], "personal")
        self.assertTrue(phone.paired["person"])
        phone.pull()
        kinds = {record["head"]["kind"] for record in phone.records.values()}
        self.assertLessEqual(kinds, {"person", "guardianship", "device"}, "of the child nothing but the own tie")
        again = self.server.post("/v1/join", join)
        self.assertEqual(again["device"], phone.id)
        self.refused(401, "signed_out", phone.exchange)
        stranger = join | {"public_key": public_hex(Ed25519PrivateKey.generate())}
        self.refused(410, "invitation_over", self.server.post, "/v1/join", stranger)
        self.refused(410, "invitation_over", self.server.post, "/v1/join/look", {"token": "0" * 26})


class Pulling(AtTheServer):
    def test_everything_comes_in_pages_and_small_pages_bring_the_same(self):
        tablet = self.tablet("うさぎ組 1")
        whole = tablet.pull()
        self.assertFalse(whole[-1]["more"])
        self.assertGreater(len(self.children(tablet)), 20)
        same = Device(self.server, tablet.key, tablet.paired)
        small = same.pull(room=20_000)
        self.assertGreater(len(small), len(whole))
        for reply in whole + small:
            self.assertLessEqual(len(reply["page"]), 1000)
        for reply in small:
            self.assertLessEqual(len(json.dumps(reply["page"], ensure_ascii=False).encode()), 40_000)
        self.assertEqual(same.records, tablet.records)
        self.assertEqual(same.exchange()["page"], [], "at the head nothing comes twice")

    def test_of_its_audiences_a_device_gets_only_those_that_it_holds(self):
        tablet = self.tablet("うさぎ組 1")
        tablet.pull()
        roles = {atom.split("@")[0] for record in tablet.records.values() for atom in record["head"]["audiences"]}
        self.assertFalse(roles & {"family", "basics", "office", "city", "person"}, roles)

    def test_notes_that_the_server_has_signed_come_to_staff(self):
        tablet = self.tablet("うさぎ組 1")
        told = [note["number"] for reply in tablet.pull() for note in reply["notes"]]
        self.assertEqual(sorted(tablet.notes), told)
        self.assertEqual(tablet.exchange()["notes"], [])

    def test_a_cursor_that_is_none_of_the_servers_begins_anew(self):
        tablet = self.tablet("うさぎ組 1")
        tablet.pull()
        held = dict(tablet.records)
        tablet.cursor = "AAAA"
        tablet.pull()
        self.assertEqual(tablet.records, held)


class Pushing(AtTheServer):
    def setUp(self):
        self.tablet_a = self.tablet("うさぎ組 2")
        self.tablet_a.pull()
        self.child = self.children(self.tablet_a)[0]

    def test_an_act_is_accepted_echoed_and_answered_the_same_for_ever(self):
        device, text = self.tablet_a, self.arrival(self.tablet_a, self.child)
        elsewhere = self.arrival(device, self.child, feed=new_id(device.now()))
        batch = device.batch([text, elsewhere])
        reply = device.exchange(batch)
        accepted, refused = reply["verdicts"]
        self.assertEqual((accepted["verdict"], accepted["change"]), ("accepted", json.loads(text)["id"]))
        self.assertRegex(accepted["receipt"], r"^[0-9a-f]{64}$")
        self.assertEqual((refused["verdict"], refused["code"]), ("refused", "not_allowed"))
        [echo] = [echo for echo in reply["echoes"] if echo["head"]["id"] == json.loads(text)["head"]["id"]]
        self.assertEqual((shown(echo, "sort"), echo["seq"]), ("arrival", accepted["seq"]))
        self.assertEqual(device.exchange(batch)["verdicts"], reply["verdicts"])
        self.assertEqual(device.exchange(batch, packed=True)["verdicts"], reply["verdicts"])
        letters = [(letter["salt"], bytes) for letter, bytes in
                   zip(json.loads(batch)["letters"], [text, elsewhere], strict=True)]
        self.assertEqual(device.exchange(device.batch_of(letters))["verdicts"], reply["verdicts"], "in another batch")

    def test_the_client_of_the_page_pushes(self):
        device, page = self.tablet_a, {}
        exec(block("python"), page)
        letters = [(secrets.token_hex(16), self.arrival(device, self.child)) for _ in range(2)]
        state = {"epoch": device.epoch, "cursor": device.cursor, "notes_seen": 0, "notes": [], "app": "page"}
        reply = page["send"](self.city.base, device.token, device.key, device.incarnation, 1, letters, state)
        self.assertEqual([verdict["verdict"] for verdict in reply["verdicts"]], ["accepted", "accepted"])

    def test_what_is_mended_names_what_its_author_had_seen(self):
        device, other = self.tablet_a, self.tablet("うさぎ組 1")
        other.pull()
        text = self.arrival(device, self.child)
        device.push([text])
        other.pull()
        head = other.records[json.loads(text)["head"]["id"]]["head"]
        undo = {"field": "void", "value": {"reason": "undo"}}
        [verdict] = other.push([other.change(head, self.caregiver, [undo])])
        self.assertEqual(verdict["verdict"], "accepted", "a head with only the audiences that this device holds")
        device.pull()
        entry = device.records[head["id"]]["fields"]["void"]["entries"][0]
        self.assertEqual((entry["change"], entry["device"]), (verdict["change"], other.id))
        seen = undo | {"value": {"reason": "wrong_child"}, "over": [entry["change"]]}
        device.push([device.change(head, self.caregiver, [seen])])
        unseen = undo | {"value": {"reason": "other"}}
        other.push([other.change(head, self.caregiver, [unseen])])
        entries = other.records[head["id"]]["fields"]["void"]["entries"]
        self.assertEqual([entry["value"]["reason"] for entry in entries], ["wrong_child", "other"])

    def test_the_changes_of_an_act_stand_or_fall_together(self):
        device = self.tablet_a
        good, bad = json.loads(self.arrival(device, self.child)), json.loads(self.arrival(device, self.child))
        bad["act"] = good["act"]
        bad["head"]["audiences"] = bad["head"]["audiences"][1:]
        verdicts = device.push([json.dumps(good), json.dumps(bad)])
        self.assertEqual([verdict["code"] for verdict in verdicts], ["bad_head", "bad_head"])

    def test_a_kind_that_the_server_does_not_know_waits_and_holds_up_nothing(self):
        device = self.tablet_a
        newer = json.loads(self.arrival(device, self.child))
        newer["head"]["kind"] = "of_another_year"
        later, accepted = device.push([json.dumps(newer), self.arrival(device, self.child)])
        self.assertEqual((later["verdict"], later["code"], later["after_s"]), ("later", "upgrade", 3600))
        self.assertEqual(accepted["verdict"], "accepted")

    def test_a_number_that_was_used_for_other_bytes_is_a_copys(self):
        device = self.tablet_a
        device.push([self.arrival(device, self.child)])
        text, salt = self.arrival(device, self.child), secrets.token_hex(16)
        device.number -= 1
        self.refused(403, "new_incarnation", device.exchange, device.batch_of([(salt, text)]))
        device.incarnation, device.number = uuid.uuid4(), 0
        [verdict] = device.exchange(device.batch_of([(salt, text)]))["verdicts"]
        self.assertEqual(verdict["verdict"], "accepted")


class Garbage(AtTheServer):
    def setUp(self):
        self.device = self.tablet("うさぎ組 2")
        self.device.pull()
        self.text = self.arrival(self.device, self.children(self.device)[0])

    def test_requests_that_make_no_sense_are_refused_whole(self):
        device = self.device
        for body in [b"", b"garbage", b"5", b'{"notes_seen":-1}', b'{"batch":{}}', b"\xff\xfe{}"]:
            self.refused(400, "bad_input", device.send, body)
        packed = zstandard.compress(device.request())
        headers = {"authorization": f"Bearer {device.token}", "content-encoding": "zstd"}
        for body in [packed[:-1], b"{}", packed[:4]]:
            self.refused(400, "bad_input", self.server.ask, "POST", "/v1/sync", body, headers)
        self.assertFalse(device.send(b"{}")["verdicts"], "every field may be absent")

    def test_what_is_too_large_is_refused_as_it_travels_and_unpacked(self):
        self.refused(413, "too_large", self.device.send, b" " * (3 * 2**20 + 1))
        self.refused(413, "too_large", self.device.send, b" " * (3 * 2**20 + 1), packed=True)
        letter = self.text[:-1] + ',"blank":"' + "x" * 32 * 1024 + '"}'
        self.refused(413, "too_large", self.device.push, [letter])
        self.refused(413, "too_large", self.device.push, [self.text] * 501)

    def test_whoever_has_no_token_is_signed_out(self):
        for headers in [{}, {"authorization": "Bearer x"}, {"authorization": f"Basic {self.device.token}"}]:
            self.refused(401, "signed_out", self.server.ask, "POST", "/v1/sync", b"{}", headers)
            self.refused(401, "signed_out", self.server.ask, "GET", "/v1/pokes", None, headers)

    def test_a_signature_by_another_key_takes_nothing(self):
        device, right = self.device, self.device.key
        device.key = Ed25519PrivateKey.generate()
        self.refused(400, "bad_signature", device.push, [self.text])
        device.key, device.number = right, device.number - 1
        self.assertEqual(device.push([self.text])[0]["verdict"], "accepted")

    def test_a_salt_is_32_small_letters_and_a_number_counts_from_1(self):
        for salt in ["", "0" * 31, "A" * 32, "g" * 32]:
            self.refused(400, "bad_input", self.device.exchange, self.device.batch_of([(salt, self.text)]))
        self.device.number = -1
        self.refused(400, "bad_input", self.device.push, [self.text])

    def test_a_letter_that_cannot_be_read_is_refused_and_one_without_an_id_refuses_the_batch(self):
        name = new_id(self.device.now())
        unreadable, fine = self.device.push([json.dumps({"id": name, "act": 5}), self.text])
        self.assertEqual((unreadable["change"], unreadable["code"]), (name, "bad_input"))
        self.assertEqual(fine["verdict"], "accepted")
        for nameless in ["{}", "5", '{"id":"x"}']:
            self.refused(400, "bad_input", self.device.push, [nameless])

    def test_a_known_change_with_other_bytes_is_refused_and_changes_nothing(self):
        letter = (secrets.token_hex(16), self.text)
        [first] = self.device.exchange(self.device.batch_of([letter]))["verdicts"]
        [other] = self.device.push([self.text])
        self.assertEqual((other["verdict"], other["code"]), ("refused", "bad_input"), "with another salt")
        self.assertEqual(self.device.exchange(self.device.batch_of([letter]))["verdicts"], [first])

    def test_paths_and_methods_that_are_none(self):
        self.refused(404, "not_found", self.server.ask, "GET", "/v1/nothing")
        self.refused(405, "not_found", self.server.ask, "GET", "/v1/sync")
        self.assertTrue(self.server.ask("GET", "/v1/health")["ok"])


class Listening(AtTheServer):
    def setUp(self):
        self.writer, self.listener = self.tablet("うさぎ組 2"), self.tablet("うさぎ組 1")
        self.writer.pull()
        self.child = self.children(self.writer)[0]

    def test_a_stream_tells_that_a_punch_moved_and_the_pull_brings_it(self):
        stream = self.listener.listen()
        self.addCleanup(stream.close)
        self.listener.pull()
        text = self.arrival(self.writer, self.child)
        self.writer.push([text])
        kinds = stream.next()
        while kinds and "punch" not in kinds:
            kinds = stream.next()
        self.listener.pull()
        came = self.listener.records[json.loads(text)["head"]["id"]]
        self.assertEqual(came["fields"]["at"]["entries"][0]["device"], self.writer.id)
        self.assertEqual(stream.mark, "1")

    def test_whoever_takes_only_json_is_answered_once_something_moved(self):
        heard = []
        asking = threading.Thread(target=lambda: heard.append(self.listener.poll()))
        asking.start()
        while asking.is_alive():  # when the poll stands cannot be known: write until it hears
            self.writer.push([self.arrival(self.writer, self.child)])
        asking.join()
        self.assertIsInstance(heard[0], list)


class Counting(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


if __name__ == "__main__":
    runner = unittest.TextTestRunner(resultclass=Counting, verbosity=2)
    result = unittest.main(exit=False, testRunner=runner).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.passed} passed, {failed} failed", flush=True)
    raise SystemExit(failed > 0 or result.passed == 0)
