import { spawnSync } from "node:child_process"
import { describe, expect, test } from "vitest"
import { newMachine, runOn } from "../../../testing/machine.ts"

/** Scripts that say the same on the simulated machine as in the dash of this computer. */
const scripts: ReadonlyArray<readonly [what: string, script: string]> = [
  ["words and quotes", `a="b  c"; printf '[%s]' $a "$a" 'x"y' "q'r" a\\ b "\\$a" ''`],
  ["parameters", `set -- one "two three" four; printf '<%s>' "$@"; printf '(%s)' $*; echo $# "$2" \${3}`],
  [
    "parameters with operators",
    `unset x; e=; echo \${x:-d} \${x-d} "\${e:-d}" "\${e-d}" \${x:+y} \${e+y}; : \${x:=set}; echo $x \${#x}`
  ],
  ["parts of parameters", `f=/a/b.tar.gz; echo \${f##*/} \${f#*/} \${f%.*} \${f%%.*} "\${f%"*"}"`],
  ["an argument list that is empty", `set --; printf '[%s]' "$@" end; set -- ""; printf '[%s]' "$@" end`],
  [
    "arithmetic",
    `i=3; echo $((i * 2 + 1)) $((10 / 3)) $((10 % 3)) $((i > 2 && i < 5)) $(( (1 + 2) * 3 )) $((i = 7)) $i $((~0)) $((1 ? 2 : 3))`
  ],
  [
    "substitution",
    `x=$(echo a; echo b); echo "$x"; echo \`echo back\`; y=$(exit 3); echo $?; echo "$(printf 'n\\n\\n')|"`
  ],
  [
    "conditions",
    `if false; then echo 1; elif [ 2 -gt 1 ]; then echo 2; else echo 3; fi; true && echo and || echo or; ! true; echo $?`
  ],
  [
    "loops",
    `for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; i=0; until [ $i -ge 2 ]; do i=$((i+1)); done; echo $i`
  ],
  ["nested loops", `for a in 1 2; do for b in 1 2; do [ $b = 2 ] && continue 2; echo $a$b; done; done`],
  [
    "cases",
    `for w in apple b-1 '' '*'; do case $w in a*) echo A;; [bc]-?) echo B;; '') echo none;; \\*) echo star;; esac; done`
  ],
  ["functions", `f() { echo "$1-$#"; return 4; }; f x y; echo $?; g() { local v=in; echo $v; }; v=out; g; echo $v`],
  ["subshells keep to themselves", `a=1; (a=2; cd /; echo $a); echo $a; { a=3; }; echo $a; (exit 6); echo $?`],
  [
    "pipes",
    `printf 'b\\na\\nb\\n' | sort | uniq -c | while read -r n w; do echo "$w:$n"; done; exit 3 | true; echo $?`
  ],
  ["here-documents", `n=5; cat <<A; cat <<'B'\nx $n $((n+1))\nA\ny $n\nB\ncat <<-C\n\t\tindented\n\tC`],
  [
    "redirections",
    `d=$(mktemp -d); cd $d; echo one >f; echo two >>f; cat <f; { echo out; echo err >&2; } 2>&1 | sort; exec 3<f; read -r l <&3; read -r m <&3; echo "$l+$m"; cat nofile 2>/dev/null; echo $?`
  ],
  [
    "reading lines",
    `printf 'a b  c\\nd\\\\e\\nlast' | { read x y; echo "$x|$y"; read -r z; printf "%s\\n" "$z"; read w; echo "$? $w"; }`
  ],
  [
    "separators",
    `IFS=:; set -- $(echo a:b::c); echo $#; IFS=' '; read -r a b <<E\n one two three \nE\necho "[$a][$b]"`
  ],
  ["paths", `d=$(mktemp -d); cd $d; touch b.x a.x c.y .h; echo *.x; echo *.none; echo [ab].x; echo .h*; echo "*.x"`],
  [
    "exit codes",
    `false; echo $?; nosuchprogram 2>/dev/null; echo $?; sh -c 'exit 9'; echo $?; sh -c 'kill -TERM $$'; echo $?`
  ],
  ["an end by a failure", `set -e; false || echo kept; if false; then :; fi; ! true; echo on; false; echo never`],
  ["what is done at the end", `trap 'echo bye $?' EXIT; (trap - EXIT; exit 2); echo $?; exit 5`],
  [
    "signals that are taken",
    `trap 'echo term' TERM; kill -TERM $$; echo after; trap '' TERM; kill -TERM $$; echo still`
  ],
  ["the background", `sh -c 'exit 3' & p=$!; (exit 4) & wait $p; echo $?; wait $!; echo $?; wait; echo $?`],
  [
    "a wait that a signal ends",
    `trap 'echo got' TERM; (sleep 0.1; kill -TERM $$) & sleep 1 & wait $!; [ $? -gt 128 ] && echo more; kill $! 2>/dev/null`
  ],
  ["text of commands", `eval 'x=1; echo $((x+1))'; command -v cd; sh -c 'echo $0 $1' name arg; . /dev/null; echo ok`],
  [
    "variables for one command",
    `A=1 sh -c 'echo $A'; echo "[$A]"; export B=2; sh -c 'echo $B'; env -i C=3 sh -c 'echo $C'`
  ],
  [
    "tests",
    `[ -e / ] && echo e; [ -d / ] && echo d; [ ! -f / ] && echo nf; [ a = a -a b != c ] && echo and; [ -n "" ] || echo empty; [ "" ]; echo $?; test 1 -eq 1; echo $?`
  ],
  [
    "formats",
    `printf '%s|%5d|%-4s|%03d|%x|%%|%c\\n' a 7 b 5 255 xyz; printf '%s,' 1 2 3; printf '\\101\\n'; printf '%b' 'a\\tb\\n'; printf '%.2f\\n' 1.005`
  ],
  ["words that are no commands", `echo if then done; x=for; echo $x; echo a#b # comment`],
  ["masks", `umask 077; umask; (umask 022; umask); d=$(mktemp -d); cd $d; : >f; stat -c %a f`],
  [
    "text tools",
    `seq 1 20 | head -n 3; seq 5 | tail -n 2; printf 'a:b:c\\n' | cut -d: -f1,3; echo hello | tr a-y b-z; printf 'x\\ny\\n' | sed 's/x/z/;/y/d'; printf 'ab\\ncd\\n' | grep -n c; echo abc | wc -c; printf '3\\n10\\n2\\n' | sort -n`
  ],
  [
    "a tree and its archive",
    `d=$(mktemp -d); cd $d; mkdir -p a/b; echo 1 >a/f; echo 2 >a/b/g; ln -s f a/l; chmod 750 a/f; tar -cf x.tar a; mkdir out; tar -xpf x.tar -C out; cd out; find . | sort; cat a/b/g; readlink a/l; stat -c %a a/f; tar -tf ../x.tar | sort`
  ],
  [
    "searches",
    `d=$(mktemp -d); cd $d; mkdir -p a/b c; echo 1 >a/f; echo 22 >a/b/g.x; ln -s f a/l; find . -type f -printf 'f %s %m %p\\n' -o -type d -printf 'd %p\\n' -o -type l -printf 'l %p %l\\n' | sort; find . -name '*.x' -o -path './c' | sort; find . -path ./a/b -prune -o -type f -print; find . ! -type d -size -2c; find a -type f -exec cat {} + | sort; find . -maxdepth 1 -mindepth 1 | sort; find . \\( -name f -o -name l \\) -exec echo got {} \\; | sort; find . -name g.x -delete; find . -empty | sort`
  ],
  [
    "places in files",
    `d=$(mktemp -d); cd $d; printf 0123456789 >f; printf AB | dd of=f bs=1 seek=4 conv=notrunc 2>/dev/null; cat f; echo; dd if=f bs=2 skip=1 count=2 2>/dev/null; echo; exec 3<f; dd bs=1 skip=7 count=0 <&3 2>/dev/null; cat <&3`
  ]
]

const withoutDash = spawnSync("dash", ["-c", "true"]).status !== 0 && !process.env["CI"]

describe.skipIf(withoutDash)("a script says what it says in dash", () => {
  test.each(scripts)("%s", async (_, script) => {
    const { status, stdout } = spawnSync("dash", ["-c", script], {
      input: "",
      env: { PATH: process.env["PATH"], LC_ALL: "C" }
    })
    const done = await runOn(newMachine(), script)
    expect({ code: done.code, stdout: done.stdout }).toEqual({ code: status, stdout: stdout.toString("utf8") })
  })
})

test("an invalid script says where", async () => {
  const { code, stderr } = await runOn(newMachine(), "echo a\nif true; then echo b")
  expect(code).toBe(2)
  expect(stderr).toContain("2: Syntax error")
})

test("an endless loop leaves others their turn, and ends when it is killed", async () => {
  const { stdout } = await runOn(newMachine(), "while :; do :; done & sleep 1; kill $!; wait $!; echo $?")
  expect(stdout).toBe("143\n")
})

test("time is the machine's", async () => {
  const machine = newMachine()
  const before = machine.clock.now()
  const { stdout } = await runOn(machine, "date +%s; sleep 1h; date +%s; timeout 5 sleep infinity; echo $?")
  const [from = 0, to = 0, code] = stdout.trim().split("\n").map(Number)
  expect([to - from, code]).toEqual([3600, 124])
  expect(machine.clock.now() - before).toBe(3_605_000)
})

test("a full disk is reported, and what is there stays", async () => {
  const machine = newMachine()
  machine.files.capacity = 100_000
  const { stdout, stderr } = await runOn(
    machine,
    "echo kept >a; head -c 200000 /dev/zero >b; echo $?; cat a; df -kP / | tail -n 1"
  )
  expect(stdout).toContain("1\nkept\n")
  expect(stderr).toContain("No space left on device")
})

test("a restarted machine has its files and none of its processes", async () => {
  const machine = newMachine()
  await runOn(machine, "echo kept >f; setsid sleep 100 & sleep 1")
  expect(machine.processes.size).toBeGreaterThan(0)
  const id = machine.bootId
  machine.restart()
  expect(machine.bootId).not.toBe(id)
  expect((await runOn(machine, "cat f; pgrep sleep")).stdout).toBe("kept\n")
})
