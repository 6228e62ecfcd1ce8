import { quote } from "./quote.ts"

/**
 * Ends every process whose environment has a mark: TERM, and KILL to what is left after two seconds. Needs /proc.
 *
 * - A command that is only just beginning has no mark yet: it is looked for during three seconds.
 */
export const killScript = (mark: string): string => `
unset s
members() {
  m=
  for f in $(grep -lsF ANYGPU_EXEC=${quote(mark)} /proc/[0-9]*/environ 2>/dev/null); do
    p=\${f#/proc/}; p=\${p%/environ}
    [ "$p" = $$ ] || m="$m $p"
  done
}
i=0
while members; [ -z "$m" ] && [ $i -lt 30 ]; do sleep 0.1 2>/dev/null || sleep 1; i=$((i + 1)); done
[ -n "$m" ] && kill -TERM $m 2>/dev/null
i=0
while members; [ -n "$m" ] && [ $i -lt 20 ]; do sleep 0.1 2>/dev/null || sleep 1; i=$((i + 1)); done
while members; [ -n "$m" ] && [ $i -lt 40 ]; do kill -KILL $m 2>/dev/null; sleep 0.1 2>/dev/null || sleep 1; i=$((i + 1)); done
exit 0`
