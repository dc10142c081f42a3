"""Answers `!echo TEXT` with `TEXT`: python3 echo_bot.py PATH_OF_THE_SOCKET [CHANNEL]"""

import json
import socket
import sys

COMMAND = "!echo "


class Account:
    """A connection to the daemon: one JSON object a line, in both directions."""

    def __init__(self, path):
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(path)
        self.lines = self.connection.makefile("rw", encoding="utf-8", newline="\n")
        self.last = 0
        self.events = []

    def call(self, method, **params):
        self.last += 1
        request = {"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}
        self.lines.write(json.dumps(request) + "\n")
        self.lines.flush()
        for line in self.lines:
            answer = json.loads(line)
            # Events that come in between are kept for later.
            if answer.get("method") == "event":
                self.events.append(answer["params"])
            elif answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return answer["result"]
        raise EOFError("the daemon has ended")

    def each_event(self):
        while True:
            while self.events:
                yield self.events.pop(0)
            line = self.lines.readline()
            if line == "":
                return
            answer = json.loads(line)
            if answer.get("method") == "event":
                self.events.append(answer["params"])


def main(path, channel="#bots"):
    account = Account(path)
    account.call("subscribe", events=["message"])
    account.call("joinChat", chat=channel)
    print("ready", flush=True)
    for message in account.each_event():
        if message["outgoing"] or not message["text"].startswith(COMMAND):
            continue
        account.call(
            "send",
            # The conversation goes back as it came.
            chat=message["chat"],
            text=message["text"][len(COMMAND):],
            replyTo=message["messageId"],
            # However often the bot sees this message, it is answered once.
            clientTag="echo " + message["messageId"][2:42],
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
