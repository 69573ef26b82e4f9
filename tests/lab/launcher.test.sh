#!/bin/sh
# What ./lab does on machines that lack something. Each case runs a copy of the launcher with a PATH that holds
# ordinary tools and stand-ins for dpkg, apt, id and cmake, so it installs nothing and needs no root.
# Prints one line per case and ends with status 1 if one failed.
# shellcheck disable=SC1091,SC2016 # the stand-ins' own variables
set -u

launcher=$(readlink -f -- "$(dirname -- "$0")/../../lab")
temp=$(mktemp -d) || exit 3
trap 'rm -rf -- "$temp"' EXIT
codename=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-}")
failures=0
out='' err='' status=0

# stand_in NAME BODY
stand_in() {
  printf '#!/bin/sh\n%s\n' "$2" >"$temp/bin/$1"
  chmod +x "$temp/bin/$1"
}

# A new machine: no compilers, no packages, no package manager.
machine() {
  rm -rf -- "${temp:?}/bin" "$temp/repo" "$temp/apt"
  mkdir -p "$temp/bin" "$temp/repo" "$temp/apt/parts"
  for tool in sh env awk cat chmod cp dirname flock grep mkdir mv readlink rm sed sleep \
    tail tee touch tr; do
    ln -s "$(command -v $tool)" "$temp/bin/$tool" 2>/dev/null
  done
  stand_in id 'case $1 in -u) echo 1000 ;; *) echo student ;; esac'
  cp "$launcher" "$temp/repo/lab"
}

# debian_without_root CMAKE CATCH2: nothing installed, and what the package lists offer
debian_without_root() {
  machine
  stand_in dpkg-query 'exit 1'
  stand_in apt-get 'echo "E: Unable to fetch some archives"; exit 100'
  stand_in apt-cache "
    case \$1 in
      policy) case \$2 in cmake) v=$1 ;; catch2) v=$2 ;; esac; printf '%s:\n  Candidate: %s\n' \$2 \$v ;;
      madison) echo 'catch2 | $2 | http://mirror.invalid/debian here/main amd64 Packages' ;;
    esac"
  stand_in apt-config "echo \"parts='$temp/apt/parts/' list='$temp/apt/list'\""
}

everything_installed() {
  machine
  stand_in dpkg-query "
    for p in g++ ninja-build ccache libclang-rt-14-dev llvm libfmt-dev libexpected-dev libsqlite3-dev libcli11-dev \\
      nlohmann-json3-dev libcpp-httplib-dev libbenchmark-dev libuv1-dev bubblewrap libseccomp-dev libarchive-dev \\
      libelf-dev libpugixml-dev libutfcpp-dev libmd4c-dev libmd4c-html0-dev lld pkgconf patch util-linux libc6-dev; do echo \"installed \$p 1:14.0-1 \"; done
    echo 'installed cmake 3.25.1-1 '
    echo 'installed catch2 3.7.1-0.4~bpo12+1 '
    echo 'installed clang 1:14.0-55 clang-14 (>= 14~)'"
  # cmake's stand-in fails when two of them run at once
  stand_in cmake '
    mkdir running || { echo "two builds at once"; exit 1; }
    sleep 0.2
    case $1 in
      --fresh)
        echo configure >>configured
        mkdir -p build/release/tools/lab
        echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >build/release/CMakeCache.txt
        touch build/release/build.ninja ;;
      --preset) echo again >>configured ;;
      --build) cp program build/release/tools/lab/lab ;;
    esac
    rm -r running'
  printf '#!/bin/sh\necho "root=$RACELAB_ROOT cwd=$PWD"\nfor a; do echo "[$a]"; done\nexit 1\n' >"$temp/repo/program"
  chmod +x "$temp/repo/program"
}

# run COMMAND ARGS…: keeps both streams and the status
run() {
  status=0
  (cd / && PATH=$temp/bin "$@") >"$temp/out" 2>"$temp/err" || status=$?
  out=$(cat "$temp/out") err=$(cat "$temp/err")
}

# verdict NAME: of the checks since the last one
wrong=
verdict() {
  if [ -z "$wrong" ]; then
    echo "passed: $1"
  else
    failures=$((failures + 1))
    printf 'FAILED: %s\n%s\n  status %s\n  stdout: %s\n  stderr: %s\n' "$1" "$wrong" "$status" "$out" "$err"
  fi
  wrong=
}
expect_status() { [ "$status" -eq "$1" ] || wrong="$wrong
  expected status $1"; }
says() { case $err in *"$1"*) ;; *) wrong="$wrong
  expected on stderr: $1" ;; esac; }
says_not() { case $err in *"$1"*) wrong="$wrong
  not expected on stderr: $1" ;; esac; }
outputs() { [ "$out" = "$1" ] || wrong="$wrong
  expected on stdout: $1"; }

machine
run "$temp/repo/lab" list
expect_status 3
outputs ''
says 'this machine lacks clang g++ cmake ninja-build'
says 'catch2'
says_not 'util-linux' # flock is there, wherever it came from
verdict 'a machine without dpkg is told what it lacks'

debian_without_root 3.31.6-2 3.7.1-0.4
run "$temp/repo/lab" list
expect_status 3
outputs ''
says 'apt-get install -y --no-install-recommends clang g++ cmake ninja-build ccache libclang-rt-dev llvm libfmt-dev catch2 libexpected-dev libsqlite3-dev libcli11-dev nlohmann-json3-dev libcpp-httplib-dev libbenchmark-dev libuv1-dev bubblewrap libseccomp-dev libarchive-dev libelf-dev libpugixml-dev libutfcpp-dev libmd4c-dev libmd4c-html0-dev lld pkgconf patch libc6-dev'
says_not backports
verdict 'without root, a release that has Catch2 3 needs one apt-get line'

debian_without_root 3.31.6-2 3.7.1-0.4
run "$temp/repo/lab" serve --impl buggy
says 'patch libc6-dev libboost-dev libpoco-dev'
says_not wrk
verdict 'the web server needs its frameworks, and nothing that tests it'

debian_without_root 3.31.6-2 3.7.1-0.4
run "$temp/repo/lab" test
says 'patch libc6-dev libboost-dev libpoco-dev'
says ' wrk chromium nodejs npm'
verdict 'the tests need a browser and a load generator too'

debian_without_root 3.22.1-1ubuntu1 2.13.8-1
run "$temp/repo/lab" list
expect_status 3
says 'offers cmake 3.22.1-1ubuntu1 and the lab needs 3.25'
says_not 'apt-get install'
verdict 'a release whose cmake is too old is named'

if [ -n "$codename" ]; then
  debian_without_root 3.25.1-1 2.13.10-1
  echo "deb [ arch=amd64 signed-by=/keys/mirror.gpg ] http://mirror.invalid/debian $codename main # the mirror" >"$temp/apt/list"
  run "$temp/repo/lab" list
  expect_status 3
  says "parts/session-race-lab-backports.sources << 'END'
Types: deb
URIs: http://mirror.invalid/debian
Suites: $codename-backports
Components: main
Signed-By: /keys/mirror.gpg
END
apt-get update
apt-get install -y --no-install-recommends clang g++ cmake ninja-build ccache libclang-rt-dev llvm libfmt-dev libexpected-dev libsqlite3-dev libcli11-dev nlohmann-json3-dev libcpp-httplib-dev libbenchmark-dev libuv1-dev bubblewrap libseccomp-dev libarchive-dev libelf-dev libpugixml-dev libutfcpp-dev libmd4c-dev libmd4c-html0-dev lld pkgconf patch libc6-dev
apt-get install -y --no-install-recommends -t $codename-backports catch2"
  verdict 'backports come from the mirror and key of a one-line source'

  debian_without_root 3.25.1-1 2.13.10-1
  cat >"$temp/apt/parts/debian.sources" <<END
# the old mirror
Types: deb
Enabled: no
URIs: http://old.invalid/debian
Suites: $codename
Components: main

Types: deb
URIs: http://security.invalid/debian
Suites: $codename-security
Components: main

Types: deb deb-src
URIs: http://mirror.invalid/debian
Suites: $codename $codename-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 c3RhbmQtaW4=
 -----END PGP PUBLIC KEY BLOCK-----
END
  run "$temp/repo/lab" list
  expect_status 3
  says "URIs: http://mirror.invalid/debian
Suites: $codename-backports
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 c3RhbmQtaW4=
 -----END PGP PUBLIC KEY BLOCK-----
END"
  verdict 'backports come from the enabled deb822 entry of the release, with its key'

  debian_without_root 3.25.1-1 2.13.10-1
  run "$temp/repo/lab" list
  expect_status 3
  says 'Catch2 here is 2.13.10-1 and the lab needs 3'
  says "no source of apt's is for $codename itself"
  verdict 'without a source for the release, Catch2 is asked for by hand'
fi

debian_without_root 3.31.6-2 3.7.1-0.4
stand_in id 'echo 0'
run "$temp/repo/lab" list
expect_status 3
outputs ''
says 'lab: installing clang g++'
says 'apt could not install clang g++'
says 'E: Unable to fetch some archives'
verdict "an installation that fails shows the end of apt's log"

everything_installed
ln -s "$temp/repo/lab" "$temp/bin/lab"
run "$temp/bin/lab" grade 'a folder' ''
expect_status 1
outputs "root=$(readlink -f "$temp/repo") cwd=/
[grade]
[a folder]
[]"
verdict 'the program gets the arguments, the caller folder and the root, and its status is the answer'

run "$temp/repo/lab"
run "$temp/repo/lab"
[ "$(cat "$temp/repo/configured")" = configure ] || wrong=' configured more than once'
[ -z "$err" ] || wrong="$wrong expected silence"
verdict 'a second run configures nothing and says nothing'

stand_in dpkg-query "$(sed 1d "$temp/bin/dpkg-query")
    for p in libboost-dev libpoco-dev libjs-chart.js; do echo \"installed \$p 1:14.0-1 \"; done"
echo 'Boost_DIR:PATH=Boost_DIR-NOTFOUND' >>"$temp/repo/build/release/CMakeCache.txt"
run "$temp/repo/lab" serve
expect_status 1
[ "$(cat "$temp/repo/configured")" = 'configure
again' ] || wrong="$wrong did not look again for Boost"
run "$temp/repo/lab" check
[ "$(grep -c again "$temp/repo/configured")" -eq 1 ] || wrong="$wrong looked again where nobody asked"
verdict 'a build that was configured without the frameworks looks for them again'

mv "$temp/repo" "$temp/moved"
run "$temp/moved/lab"
expect_status 1
[ "$(grep -c configure "$temp/moved/configured")" -eq 2 ] || wrong="$wrong not configured anew"
verdict 'a build folder that was moved is configured anew'
rm -rf "$temp/moved"

everything_installed
(PATH=$temp/bin "$temp/repo/lab" >/dev/null 2>"$temp/first"; echo $? >"$temp/first.status") &
run "$temp/repo/lab"
wait
expect_status 1
[ "$(cat "$temp/first.status")" -eq 1 ] || wrong="$wrong
  the other one: status $(cat "$temp/first.status"), $(cat "$temp/first")"
verdict 'two first runs at once take turns'

everything_installed
stand_in cmake 'echo "tools/lab/main.cpp:1: error: expected unqualified-id"; exit 1'
run "$temp/repo/lab" check
expect_status 3
outputs ''
says "the lab's own tools could not be configured"
says 'main.cpp:1: error: expected unqualified-id'
verdict 'a build that fails is status 3, with the end of the log'

everything_installed
touch "$temp/repo/build"
run "$temp/repo/lab" check
expect_status 3
says "$(readlink -f "$temp/repo")/build cannot be written by student"
verdict 'a folder that cannot be written is named'

[ "$failures" -eq 0 ]
