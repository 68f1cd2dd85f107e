#!/usr/bin/env python3
"""
Listens on port 25 and says nothing to whoever comes: mail for it stays in delivery.
"""

import socket

listener = socket.create_server(("", 25), backlog=128)
print("listening", flush=True)
held = []
while True:
    held.append(listener.accept())
