"""What a runtime that hosts a component would have known of it, made up for an imported core.

A core says nothing of sessions, entrypoints and slots, so an image of one cannot be restored. As a
program: completes the manifests of dumped images, DIRECTORY/image.json.
"""

import json
import sys


def session(service, ram, caps):
    return {"service": service, "arguments": f"ram_quota={ram}, cap_quota={caps}"}


def needed(manifest):
    """Objects that a live entry, a node or a raw badge names."""
    ids = {entry["object"] for space in manifest["capabilitySpaces"]
           for entry in space["entries"] if entry["state"] == "live"}
    ids |= {node["object"] for tree in manifest["badgeTrees"] for node in tree["nodes"]}
    return ids | {raw["object"] for raw in manifest["rawBadges"]}


def complete(manifest):
    manifest["genodeVersion"] = "26.02"
    manifest["cpuFeatures"] = ["avx2", "fxsr"]
    objects = manifest["objects"]
    pd = objects[0]
    pd["pdSession"].update(session=session("PD", "512K", 20), ramQuota="1048576", capQuota="120")

    used = needed(manifest)
    known = [o for o in objects if "capability" in o and o["id"] in used and o["badge"] != "0x1"]
    gate = next((o["id"] for o in objects if o["badge"] == "0x1"), 0)

    def become(kind, body):
        target = known.pop(0)
        del target["capability"]
        target[kind] = body
        return target["id"]

    cpu = become("cpuSession", {"session": session("CPU", "128K", 10)})
    thread = become("thread", {"name": "ep", "pd": pd["id"], "cpu": cpu, "gate": gate,
                               "hasSlot": True, "started": True, "phase": "receiving",
                               "registers": {"x86x64": {"ip": "0x100000"}}})
    become("logSession", {"session": session("LOG", "8K", 3)})
    timer = become("timerSession", {"session": session("Timer", "32K", 5), "timeout": "500000"})
    source = become("signalSource", {"pd": pd["id"], "handler": thread})
    become("signalContext", {"source": source, "imprint": "0x5000", "pending": 1, "holder": timer})
    become("external", {"owner": "drivers"})
    while known:
        become("nativeCapability", {"entrypoint": thread})
    for item in objects:
        if "nativeCapability" in item:
            item["nativeCapability"]["entrypoint"] = thread
    return manifest


def main():
    for directory in sys.argv[1:]:
        path = directory + "/image.json"
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        complete(document["manifest"])
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)


if __name__ == "__main__":
    main()
