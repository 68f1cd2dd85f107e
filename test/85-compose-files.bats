#!/usr/bin/env bats
# The compose files that people copy: each is one that compose takes, that mailinit has
# nothing to say against, and that is described.

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  cd "$BATS_TEST_DIRNAME/.."
}

# each FUNCTION: calls it with every compose file.
each() {
  local file count=0
  for file in compose/*.yaml; do
    "$1" "$file"
    count=$((count + 1))
  done
  # a pattern that finds nothing would be content
  [ "$count" -ge 2 ]
}

# ours FILE: the services in it that run our image, by their names.
ours() {
  python3 -c '
import sys, yaml
for name, service in yaml.safe_load(open(sys.argv[1]))["services"].items():
    if "mailinit" in service.get("image", ""):
        print(name)' "$1"
}

compose_takes() {
  run docker-compose -f "$1" config --quiet
  assert_success
  # a stack of Swarm must say what compose has no use for
  output=$(sed '/`version` is obsolete/d' <<<"$output")
  assert_output ""
}

@test "compose takes them as they are, without a word" {
  each compose_takes
}

mailinit_is_content() {
  local service services
  services=$(ours "$1")
  [ -n "$services" ]
  for service in $services; do
    run build/mailinit --strict --dry-run --compose "$1:$service"
    assert_success
  done
}

@test "mailinit --strict --dry-run finds nothing wrong with any mail service in them" {
  each mailinit_is_content
}

# docker-compose 1.29 knows the compose specification without a version, and these of its keys;
# a number that comes from a variable is a text to it, which it does not take for pids_limit.
older_takes() {
  run python3 -c '
import sys, yaml
file = yaml.safe_load(open(sys.argv[1]))
swarm = file.get("version", "").startswith("3")
known = {"services", "networks", "volumes", "secrets", "configs"} | ({"version"} if swarm else set())
print(*[key for key in file if key not in known and not key.startswith("x-")])
for service in file["services"].values():
    needs = service.get("depends_on", [])
    print(*[f"depends_on.{key}" for one in (needs.values() if isinstance(needs, dict) else [])
            for key in one if key != "condition"])
    print(*[key for key in ("develop", "annotations", "attach") if key in service])
    print(*["pids_limit"] if isinstance(service.get("pids_limit"), str) else [])' "$1"
  assert_success
  refute_output --regexp '[a-z]'
}

@test "they use nothing that docker-compose 1.29 does not know" {
  each older_takes
}

described() {
  local name
  name=$(basename "$1" .yaml)
  run grep -F "compose/$name.yaml" README.md
  assert_success
  # the first file is what the README itself goes through
  [ "$name" != all-in-one ] || return 0
  run grep -rlF "compose/$name.yaml" docs/stacks
  assert_success
}

@test "each is named in the README, and described in docs/stacks" {
  each described
}

@test "each stack's page says how to see that it works, and what breaks" {
  local page
  for page in docs/stacks/*.md; do
    run grep -E '^!\[.+\]\([a-z-]+\.svg\)' "$page"
    assert_success
    run grep -E '^## ' "$page"
    assert_line --regexp 'works'
    assert_line --regexp 'breaks'
  done
}

# The last column of such a table, in code.
@test "every finding that a stack's page names is one that there is" {
  local id
  for id in $(sed -n 's/^|.*|\([^|]*\)|$/\1/p' docs/stacks/*.md | grep -oE '`[a-z]+(-[a-z0-9]+)+`' |
    tr -d '`' | sort -u); do
    run grep -qxF "## $id" docs/rules.md
    assert_success
  done
}
