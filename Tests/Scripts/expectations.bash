# What the shell tests share: a temporary folder, `run`, and expectations on what was run.
# shellcheck shell=bash disable=SC2034  # the suites that source this use what is set here
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
suite=$(basename "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests=0
failures=0
current=
status=0
output=

it() { # WHAT: opens a test
  current=$1
  tests=$((tests + 1))
}
run() { # COMMAND...: keeps what it says and its exit status
  status=0
  output=$("$@" 2>&1 </dev/null) || status=$?
}
complain() {
  failures=$((failures + 1))
  printf '%s: %s: %s\n  exit status %s, said:\n' "$suite" "$current" "$1" "$status"
  printf '  | %s\n' "${output//$'\n'/$'\n  | '}"
}
expect_status() { [ "$status" -eq "$1" ] || complain "exit status $1 expected"; }
expect_silence() { [ -z "$output" ] || complain "no output expected"; }
expect() { [[ $output == *"$1"* ]] || complain "not said: $1"; }
expect_not() { [[ $output != *"$1"* ]] || complain "should not be said: $1"; }
expect_file() { [ -e "$1" ] || complain "no file $1"; }
expect_no_file() { [ ! -e "$1" ] || complain "file $1 should not be there"; }
finish() {
  printf '%s: %d tests, %d failed expectation(s)\n' "$suite" "$tests" "$failures"
  [ "$failures" -eq 0 ]
}
