"""The daemon's life: starts, stops, crashes, reloads, and what the world around it does to it."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import unittest

import harness
from daemon_harness import OPENER, DaemonTestCase, Served
from harness import PATIENCE, PROJECT


class Life(DaemonTestCase):
    def check(self, code=0):
        return self.run_flowship("serve", "--config", str(self.config_file), "--check", code=code)

    def test_checks_its_configuration(self):
        self.assertIn("repositories: 1, environments: 1", self.check().out)
        self.assertFalse(self.data.exists())
        self.configure(listn="127.0.0.1:0")
        done = self.check(code=3)
        self.assertIn("unknown member `listn`", done.err)
        self.assertIn("did you mean `listen`", done.err)
        self.key_file.chmod(0o644)
        self.configure()
        self.assertIn("can be read or changed by others", self.check(code=3).err)
        self.config_file.unlink()
        self.check(code=64)
        self.run_flowship("serve", code=64)

    def test_says_where_it_listens(self):
        served = self.serve()
        self.assertEqual((self.data / "address").read_text(), served.url + "\n")
        self.assertEqual(served.status("/healthz"), 200)
        self.assertEqual(served.status("/nothing"), 404)
        self.assertEqual(served.status("/healthz/"), 404)
        status, headers, _ = served.ask("/healthz", "POST", b"")
        self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD"))
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(served.ask("/healthz", "HEAD")[::2], (200, ""))

    def test_only_its_own_hosts_see_anything(self):
        self.configure(allowedHosts=["flowship.example"])
        served = self.serve()
        for path in ("/", "/api/status", "/metrics", "/healthz", "/readyz", "/assets/page.css"):
            for host in ("evil.example", "evil.example:8642", "localhost.evil.example", "192.0.2.1"):
                self.assertEqual(served.ask(path, headers={"Host": host})[0], 421, (path, host))
        for host in ("localhost", "127.0.0.1:1", "[::1]:8642", "flowship.example", "FLOWSHIP.example:443"):
            self.assertEqual(served.ask("/api/status", headers={"Host": host})[0], 200, host)
        # Webhooks come under any name, and are signed.
        self.assertEqual(served.ask("/webhook/login-flows", "POST", b"{}",
                                    headers={"Host": "evil.example", "X-GitHub-Event": "push"})[0], 403)

    def assert_does_not_start(self, why):
        served = Served(self.config_file)
        self.assertEqual(served.end(), 1, served.text())
        self.assertIn(why, served.text())

    def test_a_folder_that_others_may_write_is_refused(self):
        self.data.mkdir()
        for mode in (0o770, 0o707, 0o720):
            self.data.chmod(mode)
            self.assert_does_not_start("can be changed by others")
        self.assertEqual(list(self.data.iterdir()), [])
        self.data.chmod(0o755)
        self.serve()

    @unittest.skipUnless(os.geteuid() == 0, "needs to give a folder away")
    def test_a_folder_of_another_user_is_refused(self):
        self.data.mkdir(mode=0o700)
        os.chown(self.data, 12345, 12345)
        self.assert_does_not_start("belongs to another user")

    def test_no_file_is_written_through_a_link(self):
        precious = self.folder / "precious"
        for name in ("address", "deliveries", "lock"):
            precious.write_text("kept")
            self.data.mkdir(mode=0o700)
            (self.data / name).symlink_to(precious)
            self.assert_does_not_start("cannot")
            self.assertEqual(precious.read_text(), "kept", name)
            shutil.rmtree(self.data)

    def test_two_daemons_do_not_share_a_folder_or_a_port(self):
        served = self.serve()
        second = Served(self.config_file)
        self.assertEqual(second.end(), 6, second.text())
        self.configure(data=str(self.folder / "other"), listen=served.url.removeprefix("http://"))
        third = Served(self.config_file)
        self.assertEqual(third.end(), 1)
        self.assertIn("cannot listen on", third.text())

    def test_a_mirror_that_disappears_and_comes_back(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.wait_until(lambda: served.status("/readyz") == 200)
        away = self.bare.rename(self.folder / "away.git")
        self.wait_until(lambda: served.status("/readyz") == 503)
        self.assertIn("repository login-flows can't be fetched: fatal:", served.ask("/readyz")[2])
        self.assertEqual(served.status("/healthz"), 200)
        away.rename(self.bare)
        self.wait_until(lambda: served.status("/readyz") == 200)
        self.change("mfa", "after")
        self.push()
        self.wait_for_deployment()

    def test_a_mirror_that_loses_an_object_is_made_again_with_its_ledger(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        commit = self.change("mfa", "after")
        served.end()
        self.push()
        subprocess.run(["git", "fetch", "--quiet", "origin"], cwd=self.mirror(), env=harness.environment(), check=True)
        tree = self.repository.git("rev-parse", f"{commit}:ProjectSnapshot")
        (self.mirror() / "objects" / tree[:2] / tree[2:]).unlink()
        self.sandbox.forget_requests()
        served = self.serve()
        self.wait_for_deployment()
        self.assertTrue(any("recreated" in entry["message"] for entry in served.log()))
        self.assertEqual(self.sandbox.imports(), ["mfa"])

    def test_a_reload_takes_what_is_new_and_leaves_the_rest(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        other = self.folder / "other.git"
        self.repository.git("clone", "--quiet", "--bare", str(self.bare), str(other))
        config = self.config()
        config["repositories"]["other"] = {**config["repositories"]["login-flows"], "url": str(other)}
        self.configure(config)
        served.send(signal.SIGHUP)
        self.wait_until(lambda: served.ended(repository="other"))
        self.assertEqual(len(served.ended(repository="login-flows")), 1)
        self.configure()
        served.send(signal.SIGHUP)
        self.wait_until(lambda: len(served.log("configuration reloaded")) == 2)
        self.assertEqual(served.status("/readyz"), 200)

    def test_a_reload_with_errors_keeps_what_is_in_force(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        for wrong in ("{", json.dumps(self.config(pol="1s")), json.dumps(self.config(data=str(self.folder / "x")))):
            self.config_file.write_text(wrong)
            before = len(served.log("invalid configuration, keeping the old one"))
            served.send(signal.SIGHUP)
            self.wait_until(lambda: len(served.log(
                "invalid configuration, keeping the old one")) > before)
        self.change("mfa", "after")
        self.push()
        self.wait_for_deployment()

    def test_beyond_loopback_everything_but_the_probes_needs_the_token(self):
        token = "status-token-of-the-test"
        self.configure(listen="0.0.0.0:0", statusTokenFile=str(self.secret_file("status-token", token)))
        served = self.serve()
        served.url = served.url.replace("0.0.0.0", "127.0.0.1")
        self.assertEqual(served.status("/healthz"), 200)
        self.bare.rename(self.folder / "away.git")
        self.wait_until(lambda: "can't be fetched" in served.ask("/readyz", token=token)[2])
        self.assertEqual(served.ask("/readyz")[::2], (503, "not ready\n"))

    def test_tells_systemd(self):
        path = self.folder / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            listener.bind(str(path))
            listener.settimeout(PATIENCE)
            served = self.serve(NOTIFY_SOCKET=str(path), WATCHDOG_USEC="200000")
            self.assertIn("READY=1\nSTATUS=listening on " + served.url, listener.recv(4096).decode())
            self.assertEqual(listener.recv(4096), b"WATCHDOG=1\n")
            served.send(signal.SIGHUP)
            heard = []
            while not heard or "READY=1" not in heard[-1]:
                heard.append(listener.recv(4096).decode())
            self.assertTrue(any(text.startswith("RELOADING=1\nMONOTONIC_USEC=") for text in heard), heard)
            served.send(signal.SIGTERM)
            while "STOPPING=1" not in heard[-1]:
                heard.append(listener.recv(4096).decode())
        self.assertEqual(served.process.wait(PATIENCE), 0)

    def test_ends_although_systemd_does_not_read(self):
        path = self.folder / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            listener.bind(str(path))
            served = self.serve(NOTIFY_SOCKET=str(path), WATCHDOG_USEC="2000")
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as full:
                full.setblocking(False)
                with self.assertRaises(BlockingIOError):
                    while full.sendto(b"WATCHDOG=1", str(path)):
                        pass
            self.assertEqual(served.end(), 0)

    def test_tells_who_wants_to_know(self):
        url, heard = self.receiver(lambda number: 503 if number == 1 else 200)
        self.configure(notify=[{"url": f"{url}/all"}, {"url": f"{url}/slack", "on": ["success"], "form": "slack"}])
        self.sandbox.faults(fail="422:1")
        self.push()
        self.serve()
        self.wait_until(lambda: len(heard) == 4)
        events = [body["event"] for path, body in heard if path == "/all"]
        self.assertEqual(events, ["failure", "failure", "success"], "the first was not heard, and so told again")
        [text] = [body["text"] for path, body in heard if path == "/slack"]
        self.assertIn("login-flows/production", text)


class Slow(DaemonTestCase):
    sandbox_options = ("--latency", "300")

    def begin(self):
        """A daemon in the middle of a deployment."""
        self.push()
        served = self.serve()
        self.wait_until(lambda: self.sandbox.requests("/flow/import"))
        return served

    def finish(self):
        """After a new start all is there, and nothing was sent twice."""
        self.serve()
        self.wait_for_deployment()
        self.assertEqual(set(self.sandbox.versions().values()), {1})
        self.assertEqual(sorted(self.sandbox.held()), self.ids)

    def test_a_stop_awaits_what_is_being_sent_and_records_it(self):
        served = self.begin()
        self.assertEqual(served.end(), 0, served.text())
        self.assertEqual(self.ledger()["phase"], "result")
        self.assertEqual(served.ended()[-1]["outcome"], "stopped")
        self.finish()

    def test_a_stop_that_takes_too_long_ends_all_the_same(self):
        self.configure(shutdown="0ms")
        served = self.begin()
        self.assertEqual(served.end(), 1, served.text())
        self.assertEqual(self.ledger()["phase"], "intent")
        self.configure()
        self.finish()

    def test_a_stop_that_an_import_outlasts_says_what_is_unknown(self):
        self.configure(shutdown="4s")
        self.sandbox.faults(hangAfter="1@import")
        served = self.begin()
        self.assertEqual(served.end(), 0, served.text())
        self.assertEqual(self.ledger()["phase"], "intent")
        flows = self.ledger(file="flows.json")["flows"]
        unknown = [flow["flowId"] for flow in flows if flow.get("unknown")]
        self.assertEqual(unknown, [flow["flowId"] for flow in flows if flow["attempts"] > 0])
        self.assertIn(f"unknown: `{unknown[0]}`", served.ended()[-1]["error"])
        self.sandbox.faults()
        self.configure()
        self.finish()

    def test_killed_in_the_middle_the_next_start_finishes_and_sends_nothing_twice(self):
        served = self.begin()
        served.end(signal.SIGKILL)
        self.assertEqual(self.ledger()["phase"], "intent")
        self.finish()


def processes_about(text):
    """The command lines of running processes that have that text."""
    found = []
    for file in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line:
            found.append(line)
    return found


class HangingRemote(DaemonTestCase):
    """git has helper processes, which nobody ends but the daemon."""

    environments = {"production": {"projectId": PROJECT, "branch": "main", "ledger": {"remote": "origin"}}}

    def serve_with_hanging_fetch(self):
        """A daemon with another repository whose host accepts connections and never answers; its address."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        listener.settimeout(PATIENCE)
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        config = self.config()
        config["repositories"]["away"] = {**config["repositories"]["login-flows"], "url": f"http://{address}/x.git"}
        self.configure(config)
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.addCleanup(listener.accept()[0].close)
        self.assertTrue(processes_about(address))
        return served, address

    def test_a_stop_ends_a_fetch_with_its_helpers(self):
        served, address = self.serve_with_hanging_fetch()
        self.assertEqual(served.end(), 0, served.text())
        self.assertEqual(processes_about(address), [])

    def test_a_reload_ends_the_fetch_of_a_repository_that_is_gone(self):
        served, address = self.serve_with_hanging_fetch()
        self.configure()
        served.send(signal.SIGHUP)
        self.wait_until(lambda: not processes_about(address))
        self.assertEqual(served.end(), 0, served.text())

    def begin_hanging_push(self, shutdown):
        """A daemon whose push of an intent hangs in the host's hook, and the hook's process."""
        self.configure(shutdown=shutdown)
        hook = self.bare / "hooks" / "pre-receive"
        mark = self.folder / "hook-pid"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nread old new ref\ncase $ref in refs/flowship/*)\n"
                        f"echo $$ >{mark}.new; mv {mark}.new {mark}; exec sleep 600;; esac\n")
        hook.chmod(0o755)
        self.push()
        served = self.serve()
        self.wait_until(mark.exists)
        return served, pathlib.Path("/proc") / mark.read_text().strip() / "cmdline"

    def test_a_stop_ends_a_push_that_hangs_and_speaks_of_no_imports(self):
        served, process = self.begin_hanging_push("1s")
        self.assertEqual(served.end(), 1, served.text())
        self.assertFalse(process.exists() and process.read_bytes(), "the push goes on")
        self.assertTrue(served.log("deployments did not end within `shutdown`; the next start finds out what became of "
                                   "them"), served.text())

    def test_a_second_signal_ends_it_too(self):
        served, process = self.begin_hanging_push("10m")
        served.send(signal.SIGTERM)
        self.wait_for_log(served, "stopping: waiting for imports in flight")
        self.assertEqual(served.end(), 128 + signal.SIGTERM, served.text())
        self.assertFalse(process.exists() and process.read_bytes(), "the push goes on")


class Background(DaemonTestCase):
    def setUp(self):
        super().setUp()
        self.pid_file = self.folder / "flowship.pid"
        self.process = None
        self.addCleanup(self.kill)

    def kill(self):
        if self.process:
            try:
                os.kill(self.process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def serve_in_background(self, code=0):
        done = self.run_flowship("serve", "--config", str(self.config_file), "--daemon", "--pidfile",
                                 str(self.pid_file), code=code)
        self.process = int(self.pid_file.read_text()) if code == 0 else None
        return done

    def runs(self):
        stat = pathlib.Path(f"/proc/{self.process}/stat")
        return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"

    def test_goes_into_the_background_once_it_serves(self):
        self.push()
        self.serve_in_background()
        url = (self.data / "address").read_text().strip()
        with OPENER.open(url + "/healthz", timeout=PATIENCE) as answer:
            self.assertEqual(answer.status, 200)
        self.wait_for_deployment()
        os.kill(self.process, signal.SIGTERM)
        self.wait_until(lambda: not self.runs())
        self.assertFalse(self.pid_file.exists())
        self.assertIn("stopped", (self.data / "flowship.log").read_text())

    def test_a_second_daemon_of_a_folder_says_the_same_as_in_the_foreground(self):
        self.serve()
        foreground = Served(self.config_file)
        self.assertEqual(foreground.end(), 6, foreground.text())
        self.assertEqual(self.serve_in_background(code=6).err, foreground.text())

    def test_neither_log_nor_pid_go_through_a_link(self):
        precious = self.folder / "precious"
        precious.write_text("kept")
        self.data.mkdir(mode=0o700)
        for link in (self.data / "flowship.log", self.pid_file):
            link.symlink_to(precious)
            self.assertIn("cannot write", self.serve_in_background(code=1).err)
            self.assertEqual(precious.read_text(), "kept", link)
            link.unlink()
        os.link(precious, self.pid_file)
        self.assertIn("not a file of the daemon's own", self.serve_in_background(code=1).err)
        self.assertEqual(precious.read_text(), "kept")

    def test_says_why_it_does_not_start(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.configure(listen=f"127.0.0.1:{taken.getsockname()[1]}")
            self.assertIn("cannot listen on", self.serve_in_background(code=1).err)
        self.configure(shutdwn="1s")
        self.assertIn("unknown member `shutdwn`", self.serve_in_background(code=3).err)
        self.configure()
        self.pid_file = self.folder / "missing" / "flowship.pid"
        self.serve_in_background(code=1)


class FullDisk(DaemonTestCase):
    def setUp(self):
        super().setUp()
        self.data.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "flowship-test", str(self.data)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise unittest.SkipTest(f"a small disk can't be mounted here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(self.data)], check=True)

    def test_answers_all_along_and_deploys_once_there_is_room(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        filler = self.data / "filler"
        with open(filler, "wb", buffering=0) as file, self.assertRaises(OSError):
            while True:
                file.write(b"x" * 4096)
        self.change("mfa", "while it is full")
        self.push()
        self.wait_until(lambda: served.status("/readyz") == 503)
        self.assertEqual(served.status("/healthz"), 200)
        self.assertEqual(set(self.sandbox.versions().values()), {1})
        filler.unlink()
        self.wait_for_deployment()
        self.wait_until(lambda: served.status("/readyz") == 200)
        self.assertEqual(self.sandbox.versions()["mfa"], 2)


if __name__ == "__main__":
    harness.main()
