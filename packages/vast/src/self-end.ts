/** Between two tries of an end that failed, and the longest sleep before it, in seconds. */
const pause = 60

/** How a container destroys itself: by curl, by GNU wget or by Python, whichever its image has. */
const destroy = (baseUrl: string): ReadonlyArray<string> => [
  `u="${baseUrl}/api/v0/instances/$CONTAINER_ID/"`,
  'a="Authorization: Bearer $CONTAINER_API_KEY"',
  'curl -fsS -X DELETE -H "$a" "$u" || wget -qO- --method=DELETE --header="$a" "$u" || ' +
    `python3 -c 'import sys, urllib.request as r; r.urlopen(r.Request(sys.argv[1], method="DELETE", ` +
    `headers=dict([sys.argv[2].split(": ", 1)])))' "$u" "$a"`
]

/**
 * A shell script that destroys its own container at a moment (seconds since 1970), and keeps trying. It goes on by itself: what comes after it
 * begins at once.
 *
 * - The key is in the container's environment, where Vast puts it, and in no text of ours.
 * - The moment is one of the container's clock, and stands in the script: it cannot be moved.
 *
 * Source: Vast.ai docs, docker environment: `CONTAINER_API_KEY` can start, stop or destroy its own instance and nothing else,
 * `CONTAINER_ID` is that instance's id.
 */
export const selfEnd = (baseUrl: string, seconds: number): string =>
  [
    "(",
    "while :; do",
    `s=$((${seconds} - $(date +%s)))`,
    `if [ "$s" -le 0 ]; then s=${pause}`,
    ...destroy(baseUrl),
    "fi",
    `[ "$s" -gt ${pause} ] && s=${pause}`,
    'sleep "$s"',
    "done",
    ") >/dev/null 2>&1 &\n"
  ].join("\n")
