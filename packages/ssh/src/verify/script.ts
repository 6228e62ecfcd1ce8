import { csvFields, csvMigField } from "./nvidia-csv.ts"

/**
 * What asks a machine what it is, in POSIX sh. It installs nothing, needs no right, and never fails as a whole.
 *
 * - `$ANYGPU_MARK` begins each line that divides the answer, so that no program can write such a line.
 * - `$ANYGPU_WRITE` MiB are written to the home folder; nothing where it is 0, or half of the free disk or more. The file has
 *   no name any more when it is written, so that none can be left. `$ANYGPU_URL` is fetched, and thrown away; nothing where it
 *   is empty.
 * - Each part ends with the code of its program: 127 where no program has that name, 124 where it did not answer in time.
 */
export const verifyScript = `PATH=$PATH:/usr/local/nvidia/bin:/usr/lib/wsl/lib:/opt/rocm/bin
export LC_ALL=C
mark() { printf '\\n%s %s\\n' "$ANYGPU_MARK" "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }
limit() {
  t=$1; shift
  have "$1" || return 127
  if have timeout; then timeout "$t" "$@" </dev/null; else "$@" </dev/null; fi
}
now() { read -r up rest </proc/uptime && echo "$up"; }
mark part nvidia-xml; limit 30 nvidia-smi -q -x 2>&1; x=$?; mark code $x
mark part nvidia-csv
f=${csvFields.join(",")}
case $x in
  124 | 127 | 143) c=$x ;;
  *)
    if table=$(limit 20 nvidia-smi --query-gpu="$f,${csvMigField}" --format=csv 2>&1); then c=0
    else table=$(limit 20 nvidia-smi --query-gpu="$f" --format=csv 2>&1); c=$?; fi
    printf '%s\\n' "$table"
    ;;
esac
mark code $c
mark part rocm; limit 30 rocm-smi --showproductname --showmeminfo vram --showdriverversion --json 2>&1; mark code $?
mark part cores
echo "processors $(grep -c '^processor' /proc/cpuinfo 2>/dev/null)"
echo "nproc $(nproc 2>/dev/null)"
echo "quota $(cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us 2>/dev/null | tr '\\n' ' ')"
mark code 0
mark part memory
grep '^MemTotal:' /proc/meminfo 2>/dev/null
echo "limit $(cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)"
mark code 0
d=\${HOME:-/}
mark part disk; df -kP "$d" 2>/dev/null | tail -n 1; df -kP 2>/dev/null; mark code 0
mark part write
case \${ANYGPU_WRITE:-0} in
  0) c=127 ;;
  *)
    f=$d/.anygpu-write.$$ c=28
    set -- $(df -kP "$d" 2>/dev/null | tail -n 1)
    if [ "\${4:-0}" -gt $((ANYGPU_WRITE * 2048)) ] 2>/dev/null; then
      s=$(now)
      { rm -f "$f"; dd if=/dev/zero bs=1048576 count="$ANYGPU_WRITE" conv=fsync 2>/dev/null; } >"$f"; c=$?
      e=$(now)
      echo "bytes $((ANYGPU_WRITE * 1048576)) from $s to $e"
    fi
    ;;
esac
mark code $c
mark part fetch
c=127
if [ -n "\${ANYGPU_URL-}" ]; then
  s=$(now)
  if have curl; then b=$(limit 30 curl -fsSL -- "$ANYGPU_URL" 2>/dev/null | wc -c); c=0
  elif have wget; then b=$(limit 30 wget -qO- -- "$ANYGPU_URL" 2>/dev/null | wc -c); c=0; fi
  e=$(now)
  [ $c = 127 ] || echo "bytes $((b)) from $s to $e"
fi
mark code $c
mark end
`
