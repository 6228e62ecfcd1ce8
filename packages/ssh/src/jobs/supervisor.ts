/**
 * What keeps a job on the machine, in POSIX sh: it needs cat, dd, grep, ln, mkdir, mv, readlink, rm, sleep, wc and /proc, and
 * uses setsid where it is there.
 *
 * - A job is a folder below `~/.anygpu/jobs`: `cmd` what runs, `out` and `err` what it wrote, `sup` and `pid` who runs it,
 *   `claim` who began it, and `running`, which becomes `exit.CODE`: a rename needs no room on a full disk.
 * - Verbs: start, attach OFFSET MARK STREAM, wait, status, stop GRACE, remove, list. Answers are lines of errors that begin
 *   with `#anygpu`.
 * - Variables are those of the shell that reads this: they reach the job by its environment alone.
 */
export const supervisor = `unset s
anygpu_main() {
  verb=$1 id=$2
  mask=$(umask)
  umask 077
  h=\${ANYGPU_HOME:-\${HOME:-/tmp}/.anygpu}
  d=$h/jobs/$id
  boot=0; read -r boot </proc/sys/kernel/random/boot_id 2>/dev/null
  say() { printf '#anygpu %s\\n' "$*" >&2; }
  # What names one process for good: field 22 of /proc/PID/stat, which is when it began, and the start of the machine. A pid
  # alone is another process after a restart. A zombie has ended: the first process of a container may never collect it.
  born() { b=; [ -r "/proc/$1/stat" ] && IFS= read -r b <"/proc/$1/stat" 2>/dev/null; [ -n "$b" ] || return 1; b=\${b##*) }; set -- $b; [ "$1" != Z ] || return 1; b=\${20}.$boot; }
  lives() { [ -s "$1" ] && read -r p q <"$1" && born "$p" && [ "$b" = "$q" ]; }
  nap() { sleep "$1" 2>/dev/null || sleep 1; }
  size() { z=0; [ -e "$1" ] && z=$(wc -c <"$1") && z=$((z)); }
  fin() { code=; for f in "$d"/exit.*; do [ -e "$f" ] && code=\${f##*/exit.}; done; [ -n "$code" ]; }
  oom() { o=0; while read -r k v; do [ "$k" = oom_kill ] && o=$v; done <"$(anygpu_oom)"; } 2>/dev/null
  # The claim of a job is a link whose target names the starter: made at once, and only once.
  claim() { c=$(readlink "$d/claim" 2>/dev/null) && [ -n "$c" ] && born "\${c%%.*}" && [ "$b" = "\${c#*.}" ]; }
  look() {
    if fin; then st=exited; elif lives "$d/sup" || lives "$d/pid"; then st=running; elif fin; then st=exited
    elif claim; then st=starting; elif [ -e "$d/sup" ]; then st=lost
    elif [ -L "$d/claim" ]; then st=stillborn; else st=none; fi
  }
  # What was looked at first may have changed meanwhile: the bad ends are looked at twice.
  state() { look; case $st in lost | stillborn) look ;; esac; }
  tell() {
    state; size "$d/out"; so=$z; size "$d/err"; se=$z; more=
    [ -d "$d/stop" ] && more=" stopped=1"
    if [ -s "$d/oom" ]; then read -r o0 <"$d/oom"; oom; more="$more oomkills=$((o - o0))"; fi
    say "id=$id state=$st code=\${code:-} out=$so err=$se$more"
  }
  # The processes of the job: its session, its group, whatever carries its mark in its environment, and what these have started.
  members() {
    m=; read -r me x <"$d/pid" 2>/dev/null || return 0; read -r sp x <"$d/sup"
    for f in /proc/[0-9]*/stat; do
      IFS= read -r b <"$f" 2>/dev/null || continue
      n=\${f#/proc/}; n=\${n%/stat}; b=\${b##*) }; set -- $b
      [ "$1" != Z ] && [ "$n" != "$sp" ] && [ "$n" != $$ ] && { [ "$4" = "$me" ] || [ "$3" = "$me" ]; } && m="$m $n"
    done
    for f in $(grep -lsF "ANYGPU_JOB=:$id:" /proc/[0-9]*/environ 2>/dev/null); do
      n=\${f#/proc/}; n=\${n%/environ}
      case " $m $sp $$ " in *" $n "*) ;; *) m="$m $n" ;; esac
    done
    was=
    while [ "$m" != "$was" ]; do
      was=$m
      for f in /proc/[0-9]*/stat; do
        IFS= read -r b <"$f" 2>/dev/null || continue
        n=\${f#/proc/}; n=\${n%/stat}; b=\${b##*) }; set -- $b
        case " $m " in *" $2 "*) case " $m $sp $$ $1 " in *" $n "* | *" Z "*) ;; *) m="$m $n" ;; esac ;; esac
      done
    done
    # Whom the end of a parent has left alone is known from before, as long as its pid is its own.
    for x in $known; do born "\${x%%:*}" && [ "$b" = "\${x#*:}" ] && case " $m " in *" \${x%%:*} "*) ;; *) m="$m \${x%%:*}" ;; esac; done
    for n in $m; do born "$n" && case " $known " in *" $n:$b "*) ;; *) known="$known $n:$b" ;; esac; done
  }
  begin() {
    mkdir -p "$d" || { say "error=no-folder"; return 73; }
    born $$; [ -n "$b" ] || { say "error=no-proc"; return 71; }
    if ! ln -s "$$.$b" "$d/claim" 2>/dev/null; then
      i=0; while state; [ "$st" = starting ] && [ $i -lt 50 ]; do nap 0.2; i=$((i + 1)); done
      tell; return 0
    fi
    anygpu_cmd >"$d/cmd" && anygpu_sup >"$d/sup.sh" && : >"$d/out" && : >"$d/err" && : >"$d/running" || { say "error=disk"; rm -rf "$d"; return 73; }
    if command -v setsid >/dev/null 2>&1 && [ -z "\${ANYGPU_NO_SETSID:-}" ]; then own=setsid; else own=; fi
    ANYGPU_OOM=$(anygpu_oom) ANYGPU_D=$d ANYGPU_ID=$id ANYGPU_OWN=$own ANYGPU_MASK=$mask ANYGPU_BOOT=$boot \${own} sh "$d/sup.sh" </dev/null >"$d/sup.log" 2>&1 &
    i=0; while [ ! -s "$d/pid" ] && ! fin && [ $i -lt 100 ]; do nap 0.1; i=$((i + 1)); done
    tell
  }
  attach() {
    off=$1 mark=$2
    # Looked at before: a shell ends at once where what exec reads is not there.
    [ -r "$d/$3" ] || { say "error=no-job"; return 66; }
    exec 3<"$d/$3" || return 66
    [ "$off" -gt 0 ] && dd bs=1 skip="$off" count=0 <&3 >/dev/null 2>&1
    printf '\\n%s\\n' "$mark"
    i=0
    while :; do
      state # before the read: what was written by then is read below
      cat <&3 || return 74
      case $st in running | starting) ;; *) break ;; esac
      i=$((i + 1)); [ $((i % 20)) = 0 ] && { say beat || return 74; }
      nap 0.25
    done
    tell
  }
  await() {
    i=0
    while state; case $st in running | starting) true ;; *) false ;; esac; do
      i=$((i + 1)); [ $((i % 20)) = 0 ] && { say beat || return 74; }
      nap 0.25
    done
    tell
  }
  stop() {
    mkdir "$d/stop" 2>/dev/null
    state; [ "$st" = running ] || { tell; return 0; }
    known=; members; [ -n "$m" ] && kill -TERM $m 2>/dev/null
    i=0; while lives "$d/sup" && ! fin && [ $i -lt $(($1 * 5)) ]; do nap 0.2; i=$((i + 1)); done
    i=0; while members; [ -n "$m" ] && [ $i -lt 25 ]; do kill -KILL $m 2>/dev/null; nap 0.2; i=$((i + 1)); done
    i=0; while lives "$d/sup" && ! fin && [ $i -lt 25 ]; do nap 0.2; i=$((i + 1)); done
    tell
  }
  shift 2
  case $verb in
  start) begin ;;
  attach) attach "$@" ;;
  wait) await ;;
  status) tell ;;
  stop) stop "$@" ;;
  remove) state; case $st in running | starting) ;; *) rm -rf "$d" ;; esac; tell ;;
  list) for j in "$h"/jobs/*; do [ -L "$j/claim" ] && { d=$j id=\${j##*/}; tell; }; done ;;
  esac
}
# Where the kernel counts whom it ended for want of memory: in the machine's own group, as a container has it, else in all.
anygpu_oom() { for f in /sys/fs/cgroup/memory.events /proc/vmstat; do [ -r "$f" ] && { echo "$f"; return; }; done; }
anygpu_sup() { cat <<'SUP'
trap '' HUP
d=$ANYGPU_D id=$ANYGPU_ID own=$ANYGPU_OWN mask=$ANYGPU_MASK boot=$ANYGPU_BOOT
stat() { IFS= read -r b <"/proc/$1/stat" || b=; b=\${b##*) }; set -- $b; b=\${20-}.$boot; }
a=0; read -r a </proc/self/oom_score_adj 2>/dev/null; echo -900 >/proc/$$/oom_score_adj 2>/dev/null
while read -r k v; do [ "$k" = oom_kill ] && echo "$v" >"$d/oom"; done <"$ANYGPU_OOM" 2>/dev/null
stat $$; echo "$$ $b" >"$d/sup.n" && mv "$d/sup.n" "$d/sup"
streams=\${ANYGPU_STREAMS:-split}
unset ANYGPU_OOM ANYGPU_D ANYGPU_ID ANYGPU_OWN ANYGPU_MASK ANYGPU_BOOT ANYGPU_STREAMS
ANYGPU_JOB=:$id:; export ANYGPU_JOB
dfl=; env --default-signal=INT,QUIT true 2>/dev/null && dfl='env --default-signal=INT,QUIT'
[ -z "$own" ] && [ -n "\${BASH_VERSION-}" ] && set -m
c='echo '"$a"' >/proc/$$/oom_score_adj 2>/dev/null; IFS= read -r b </proc/$$/stat; b=\${b##*) }; p=$$; set -- "$1" "$2" "$3" "$4" $b; echo "$p \${24}.$4" >"$1/pid.n" && mv "$1/pid.n" "$1/pid"; f=$1; umask "$3"; [ "$2" = both ] && exec sh "$f/cmd" >>"$f/out" 2>&1; exec sh "$f/cmd" >>"$f/out" 2>>"$f/err"'
hit=0
[ -z "$own" ] && trap 'hit=1' TERM INT
$own $dfl sh -c "$c" anygpu "$d" "$streams" "$mask" "$boot" &
k=$!
while hit=0; wait $k; r=$?; [ $hit = 1 ]; do e=$r; done
[ $r = 127 ] && [ -n "\${e-}" ] && r=$e
mv "$d/running" "$d/exit.$r" || { rm -f "$d/cmd"; mv "$d/running" "$d/exit.$r"; }
SUP
}`
