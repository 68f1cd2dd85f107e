#!/usr/bin/env python3
"""
What the manifests of a Kustomize base say, for a machine without a cluster.

    manifests.py check DIR            what is wrong in them, a line each; exit 1 if anything is
    manifests.py docker DIR NAME      the container of StatefulSet NAME as arguments of docker, a
                                      line each: its user, capabilities, limits, variables, and
                                      for its volumes --tmpfs and --volume; the names of volumes
                                      are $PREFIX-NAME-VOLUME
    manifests.py probe DIR NAME       the command of its probes

It reads what is in DIR and no more of Kustomize than that: resources, configMapGenerator,
namespace. Keys are checked against those that the API has and that are used here: a new one is
a line in KEYS.
"""

import os
import pathlib
import sys

import yaml

APIS = {"Service": "v1", "StatefulSet": "apps/v1", "PodDisruptionBudget": "policy/v1",
        "NetworkPolicy": "networking.k8s.io/v1"}
# What `kubectl create secret` in the head of kustomization.yaml makes.
SECRETS = {"mail-tls": ["tls.crt", "tls.key"], "mail-passwords": ["info_password"]}
KEYS = {
    "StatefulSet": "serviceName replicas podManagementPolicy selector template volumeClaimTemplates",
    "Service": "type clusterIP externalTrafficPolicy selector ports",
    "PodDisruptionBudget": "maxUnavailable selector",
    "NetworkPolicy": "podSelector policyTypes ingress egress",
    "pod": "automountServiceAccountToken enableServiceLinks terminationGracePeriodSeconds "
           "securityContext topologySpreadConstraints containers volumes",
    "container": "name image envFrom ports securityContext startupProbe readinessProbe "
                 "livenessProbe resources volumeMounts",
    "security": "runAsUser allowPrivilegeEscalation readOnlyRootFilesystem capabilities",
    "probe": "exec periodSeconds failureThreshold timeoutSeconds",
    "volume": "name secret configMap emptyDir",
    "claim": "accessModes resources",
}
UNITS = {"Ki": 2 ** 10, "Mi": 2 ** 20, "Gi": 2 ** 30}


class Base:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.mistakes = []
        self.kustomization = yaml.safe_load((self.directory / "kustomization.yaml").read_text())
        self.objects = [one for name in self.kustomization["resources"]
                        for one in yaml.safe_load_all((self.directory / name).read_text()) if one]
        self.configs = {}
        for one in self.kustomization.get("configMapGenerator", []):
            self.configs[one["name"]] = one

    def wrong(self, where, text):
        self.mistakes.append(f"{where}: {text}")

    def of_kind(self, kind):
        return [one for one in self.objects if one["kind"] == kind]

    def variables(self, container):
        """NAME=value of its ConfigMaps."""
        for source in container.get("envFrom", []):
            config = self.configs[source["configMapRef"]["name"]]
            for name in config.get("envs", []):
                for line in (self.directory / name).read_text().splitlines():
                    if line.strip() and not line.startswith("#"):
                        yield line

    def stateful_set(self, name):
        return next(one for one in self.of_kind("StatefulSet") if one["metadata"]["name"] == name)


def selects(selector, labels):
    return all(labels.get(key) == value for key, value in selector.items())


def known(base, where, kind, found):
    for key in sorted(set(found) - set(KEYS[kind].split())):
        base.wrong(where, f"{kind} has no key {key}")


def pods(base, selector):
    """The pod templates that SELECTOR means."""
    return [one["spec"]["template"] for one in base.of_kind("StatefulSet")
            if selects(selector, one["spec"]["template"]["metadata"]["labels"])]


def port_names(template):
    return {port["name"]: port["containerPort"]
            for one in template["spec"]["containers"] for port in one["ports"]}


def check_volumes(base, where, spec, pod):
    volumes = {one["name"]: one for one in pod["volumes"]}
    claims = [one["metadata"]["name"] for one in spec["volumeClaimTemplates"]]
    mounts = [one for container in pod["containers"] for one in container["volumeMounts"]]
    places = [one["mountPath"] for one in mounts]
    for name in claims:
        if name in volumes:
            base.wrong(where, f"{name} is a volume and a claim")
    for one in mounts:
        if one["name"] not in volumes and one["name"] not in claims:
            base.wrong(where, f"{one['mountPath']} mounts {one['name']}, which nobody gives")
    for name in [*volumes, *claims]:
        if name not in [one["name"] for one in mounts]:
            base.wrong(where, f"volume {name} is mounted nowhere")
    if len(set(places)) != len(places):
        base.wrong(where, "two volumes at one place")
    for one in volumes.values():
        known(base, where, "volume", one)
        if "secret" in one and one["secret"]["secretName"] not in SECRETS:
            base.wrong(where, f"there is no secret {one['secret']['secretName']}")
        if "secret" in one and one["secret"].get("defaultMode", 0o644) & 0o077:
            base.wrong(where, f"every user of the container reads the secret {one['name']}")
        if "configMap" in one and one["configMap"]["name"] not in base.configs:
            base.wrong(where, f"there is no ConfigMap {one['configMap']['name']}")
    return places


def check_container(base, where, container, places):
    known(base, where, "container", container)
    security = container["securityContext"]
    known(base, where, "security", security)
    if not security.get("readOnlyRootFilesystem") or security.get("allowPrivilegeEscalation", True):
        base.wrong(where, "its root can be written to, or it may gain privileges")
    if security["capabilities"].get("drop") != ["ALL"]:
        base.wrong(where, "it keeps capabilities that nobody named")
    for place in ("/run", "/tmp", "/var/spool/postfix", "/var/mail", "/var/lib/mailinit"):
        if place not in places:
            base.wrong(where, f"{place} is on the read-only root")
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        probe = container.get(name, {})
        known(base, where, "probe", probe)
        if probe.get("exec", {}).get("command") != ["mailinit", "health", "--quick"]:
            base.wrong(where, f"{name} does not ask mailinit")
    resources = container.get("resources", {})
    if "memory" not in resources.get("limits", {}) or "cpu" not in resources.get("requests", {}):
        base.wrong(where, "no figures of memory and processor")
    for source in container["envFrom"]:
        if source["configMapRef"]["name"] not in base.configs:
            base.wrong(where, f"there is no ConfigMap {source['configMapRef']['name']}")


def check_stateful_set(base, one):
    where, spec = f"StatefulSet {one['metadata']['name']}", one["spec"]
    labels, pod = spec["template"]["metadata"]["labels"], spec["template"]["spec"]
    known(base, where, "StatefulSet", spec)
    known(base, where, "pod", pod)
    if not selects(spec["selector"]["matchLabels"], labels):
        base.wrong(where, "its selector does not mean its own pods")
    if not any(service["metadata"]["name"] == spec["serviceName"] and
               selects(service["spec"]["selector"], labels) for service in base.of_kind("Service")):
        base.wrong(where, f"no service {spec['serviceName']} has its pods")
    for claim in spec["volumeClaimTemplates"]:
        known(base, where, "claim", claim["spec"])
    places = check_volumes(base, where, spec, pod)
    for container in pod["containers"]:
        check_container(base, where, container, places)


def check_service(base, one):
    where, spec = f"Service {one['metadata']['name']}", one["spec"]
    known(base, where, "Service", spec)
    found = pods(base, spec["selector"])
    if len(found) != 1:
        base.wrong(where, f"it means the pods of {len(found)} StatefulSets")
    for port in spec["ports"]:
        if any(port["targetPort"] not in port_names(pod) for pod in found):
            base.wrong(where, f"its pods have no port {port['targetPort']}")


def check_policy(base, one):
    where, spec = f"NetworkPolicy {one['metadata']['name']}", one["spec"]
    known(base, where, "NetworkPolicy", spec)
    found = pods(base, spec["podSelector"].get("matchLabels", {}))
    if not found:
        base.wrong(where, "it means no pod")
    for rule in spec.get("ingress", []):
        for port in rule["ports"]:
            if not any(port["port"] in port_names(pod).values() for pod in found):
                base.wrong(where, f"it lets port {port['port']} in, at which nobody listens")
    for rule in spec.get("ingress", []) + spec.get("egress", []):
        for peer in rule.get("from", []) + rule.get("to", []):
            if "podSelector" in peer and not pods(base, peer["podSelector"]["matchLabels"]):
                base.wrong(where, "it lets pods through that do not exist")
    for port in (24, 12345, 8891):
        if any(not rule.get("from") and port in [p["port"] for p in rule["ports"]]
               for rule in spec.get("ingress", [])):
            base.wrong(where, f"it lets everybody to port {port}")


def check(base):
    names = [(one["kind"], one["metadata"]["name"]) for one in base.objects]
    if len(set(names)) != len(names):
        base.wrong("base", "two objects have one name")
    for one in base.objects:
        if APIS.get(one["kind"]) != one["apiVersion"]:
            base.wrong(one["kind"], f"it is not of {one['apiVersion']}")
    for name, config in base.configs.items():
        for file in config.get("envs", []) + config.get("files", []):
            if not (base.directory / file).is_file():
                base.wrong(f"ConfigMap {name}", f"there is no file {file}")
    for one in base.of_kind("StatefulSet"):
        check_stateful_set(base, one)
    for one in base.of_kind("Service"):
        check_service(base, one)
    for one in base.of_kind("NetworkPolicy"):
        check_policy(base, one)
    for one in base.of_kind("PodDisruptionBudget"):
        known(base, "PodDisruptionBudget", "PodDisruptionBudget", one["spec"])
        if len(pods(base, one["spec"]["selector"]["matchLabels"])) != 1:
            base.wrong("PodDisruptionBudget", "it means no pod, or those of several")
    # the store's whole name, as mx.env has it
    store = f"store.{base.kustomization['namespace']}.svc.cluster.local"
    for one in base.of_kind("StatefulSet"):
        for line in base.variables(one["spec"]["template"]["spec"]["containers"][0]):
            if line.startswith("MAIL_DELIVERY_LMTP=") and f"inet:{store}:" not in line:
                base.wrong("mx.env", f"the store's name is {store}")


def size(text):
    return int(text[:-2]) * UNITS[text[-2:]]


def docker(base, name):
    spec = base.stateful_set(name)["spec"]
    pod = spec["template"]["spec"]
    container = pod["containers"][0]
    security = container["securityContext"]
    volumes = {one["name"]: one for one in pod["volumes"]}
    yield from ("--read-only", f"--user={security['runAsUser']}",
                "--security-opt=no-new-privileges",
                f"--memory={size(container['resources']['limits']['memory'])}",
                f"--stop-timeout={pod['terminationGracePeriodSeconds']}",
                # as a cluster has it: nobody but root may have the low ports
                "--sysctl=net.ipv4.ip_unprivileged_port_start=1024")
    yield from (f"--cap-drop={one}" for one in security["capabilities"]["drop"])
    yield from (f"--cap-add={one}" for one in security["capabilities"]["add"])
    yield from (f"--env={one}" for one in base.variables(container))
    for mount in container["volumeMounts"]:
        volume = volumes.get(mount["name"], {})
        if "emptyDir" in volume:
            yield f"--tmpfs={mount['mountPath']}:size={size(volume['emptyDir']['sizeLimit'])},exec"
        else:
            ending = ":ro" if mount.get("readOnly") else ""
            yield (f"--volume={os.environ['PREFIX']}-{name}-{mount['name']}:"
                   f"{mount['mountPath']}{ending}")


def main():
    verb, base = sys.argv[1], Base(sys.argv[2])
    if verb == "check":
        check(base)
        print("\n".join(base.mistakes))
        return 1 if base.mistakes else 0
    if verb == "docker":
        print("\n".join(docker(base, sys.argv[3])))
        return 0
    container = base.stateful_set(sys.argv[3])["spec"]["template"]["spec"]["containers"][0]
    print(" ".join(container["livenessProbe"]["exec"]["command"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
