#!/bin/sh
# A right submission where the machine fails the grader: a disk that is full, and tools that don't work. Each is put in
# place in a mount namespace of its own, which takes root; the machine keeps what it has.
#
#   machine_at_fault.test.sh LAB SOURCE_FOLDER
set -u
lab=$1 root=$2
export RACELAB_ROOT="$root"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"  # a job has an account of its own
mkdir "$folder/disk" "$folder/nothing"
: > "$folder/file"
unshare --mount sh -c "mount -t tmpfs none '$folder/disk' && mount --bind /dev/null '$folder/file'" 2>/dev/null ||
  { echo "skipped: it takes root, and mounts of its own"; exit 77; }
failed=0

# What a right one takes here is known before anything is broken.
"$lab" grade "$folder/nothing" >/dev/null 2>&1
[ $? -eq 1 ] || { echo "an empty folder is not refused with status 1"; failed=1; }

# unjudged NAME PATTERN MOUNT...: with that mounted, status 3, a reason that matches, and a report without points
unjudged() {
  name=$1 pattern=$2
  shift 2
  rm -f "$folder/report.json"
  output=$(unshare --mount sh -c "$* && exec \"\$0\" grade fixed --json \"\$1\"" "$lab" "$folder/report.json" \
    2>&1 </dev/null)
  got=$?
  if [ $got -ne 3 ] || ! printf '%s\n' "$output" | grep -qE -- "$pattern"; then
    printf '%s: status %s, expected 3 and /%s/ in:\n%s\n' "$name" $got "$pattern" "$output"
    failed=1
  fi
  for line in '"verdict": "could_not_judge"' '^  "points": null'; do
    grep -q "$line" "$folder/report.json" || { echo "$name: the report has no line $line"; failed=1; }
  done
}

cd "$root" || exit 1
compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' build/release/CMakeCache.txt)
compiler=$(readlink -f "$(command -v "$compiler")") objcopy=$(readlink -f "$(command -v objcopy)")
export TMPDIR="$folder/disk"
unjudged "a disk without room" 'MB are free for .*make room, or set TMPDIR' \
  "mount -t tmpfs -o size=40m none '$folder/disk'"
unjudged "a compiler that can't be started" "the compiler does not work: .*can't be started" \
  "mount --bind /dev/null '$compiler'"
printf '#!/bin/sh\nexit 1\n' > "$folder/broken" && chmod +x "$folder/broken"
unjudged "an objcopy that fails" 'objcopy' "mount --bind '$folder/broken' '$objcopy'"
exit $failed
