"""A hub on this machine, which speaks to the real client of huggingface_hub.

It knows the requests that the client makes for a repository of small files, and keeps every commit.
"""

import base64
import hashlib
import json
import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

MAY_WRITE = "hf_may_write"


class Hub:
    """Repositories by name: the files of each commit, and the branches."""

    def __init__(self):
        self.commits = {}
        self.branches = {}
        self.private = {}
        self.asked = []
        self.gated = set()

    def create(self, repository, private=None):
        if repository not in self.branches:
            self.private[repository] = private
            self.branches[repository] = {}
            self.commit(repository, "main", {".gitattributes": b""})

    def commit(self, repository, branch, files):
        branches = self.branches[repository]
        number = sum(key[0] == repository for key in self.commits)
        sha = hashlib.sha1(f"{repository} {number}".encode()).hexdigest()
        self.commits[repository, sha] = dict(files)
        branches[branch] = sha
        return sha

    def sha(self, repository, revision):
        found = self.branches.get(repository, {}).get(revision, revision)
        return found if (repository, found) in self.commits else None


class Answers(BaseHTTPRequestHandler):
    """The requests of huggingface_hub 2.4, and what each is answered."""

    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        """Say nothing."""

    def say(self, status, what=b"", **headers):
        body = what if isinstance(what, bytes) else json.dumps(what).encode()
        self.send_response(status)
        headers = {"Content_Length": str(len(body)), **headers}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status, code, said=""):
        self.say(status, {"error": said}, X_Error_Code=code, X_Error_Message=said)

    def sent(self):
        length = self.headers.get("Content-Length")
        if length is not None:
            return self.rfile.read(int(length))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append(f"{self.command} {path}")
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(/revision/(.+))?", path):
            repository, revision = found[1], found[3] or "main"
            if (files := self.files(repository, revision)) is not None:
                sha = self.hub.sha(repository, revision)
                names = [{"rfilename": name} for name in files]
                private = bool(self.hub.private[repository])
                known = {"id": repository, "sha": sha, "private": private, "siblings": names}
                self.say(200, known)
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/tree/(.+)", path):
            if (files := self.files(found[1], found[2])) is not None:
                self.say(200, [_entry(name, data) for name, data in files.items()])
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/(refs/pr/\d+|[^/]+)/(.+)", path):
            repository, revision, name = found.groups()
            if (files := self.files(repository, revision)) is None:
                return
            if name not in files:
                self.refuse(404, "EntryNotFound")
                return
            etag = hashlib.sha1(files[name]).hexdigest()
            sha = self.hub.sha(repository, revision)
            self.say(200, files[name], ETag=f'"{etag}"', X_Repo_Commit=sha)
        else:
            self.refuse(404, "Unknown", path)

    def files(self, repository, revision):
        if repository not in self.hub.branches:
            self.refuse(401, "RepoNotFound")
        elif repository in self.hub.gated:
            self.refuse(403, "GatedRepo")
        elif (sha := self.hub.sha(repository, revision)) is None:
            self.refuse(404, "RevisionNotFound")
        else:
            return self.hub.commits[repository, sha]
        return None

    def do_POST(self):
        path, body = unquote(urlsplit(self.path).path), self.sent()
        self.hub.asked.append(f"POST {path}")
        if path == "/api/validate-yaml":
            self.say(200, {"errors": [], "warnings": []})
        elif self.headers.get("Authorization") != f"Bearer {MAY_WRITE}":
            self.refuse(403, "Forbidden", "a token that reads")
        elif path == "/api/repos/create":
            given = json.loads(body)
            repository = f"{given['organization']}/{given['name']}"
            known = repository in self.hub.branches
            self.hub.create(repository, given.get("visibility") == "private" or None)
            url = f"http://{self.headers['Host']}/{repository}"
            self.say(409 if known else 200, {"url": url, "error": "exists"})
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/branch/(.+)", path):
            branches = self.hub.branches[found[1]]
            known = branches.setdefault(found[2], branches["main"])
            self.say(409 if known != branches["main"] else 200, {"error": "exists"})
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/preupload/(.+)", path):
            names = [one["path"] for one in json.loads(body)["files"]]
            plain = {"uploadMode": "regular", "shouldIgnore": False}
            self.say(200, {"files": [{"path": name, **plain} for name in names]})
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/commit/(.+)", path):
            self.commit(found[1], found[2], [json.loads(line) for line in body.splitlines()])
        else:
            self.refuse(404, "Unknown", path)

    def commit(self, repository, branch, operations):
        sha = self.hub.sha(repository, branch)
        files = dict(self.hub.commits[repository, sha])
        for one in operations:
            if one["key"] == "file":
                files[one["value"]["path"]] = base64.b64decode(one["value"]["content"])
            elif one["key"] == "deletedFile":
                del files[one["value"]["path"]]
        sha = self.hub.commit(repository, branch, files)
        url = f"http://{self.headers['Host']}/{repository}/commit/{sha}"
        self.say(200, {"commitUrl": url, "commitOid": sha})


def _entry(name, data):
    return {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}


@contextmanager
def running():
    """A hub and its address, as long as the block runs."""
    hub = Hub()
    handler = type("HubAnswers", (Answers,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
