import { RemoteFailed } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { exec } from "../process.ts"
import { quotePath } from "../shell/quote.ts"
import type { Entry } from "./entry.ts"

/** A command of a copy on the machine went wrong. */
export const copyFailed = (
  what: string,
  { code, signal, stderr }: { readonly code: number | null; readonly signal: string | null; readonly stderr: string }
) =>
  new RemoteFailed({
    message: `${what} failed on the machine: ${stderr.trim().slice(-500) || `it ended with ${code ?? signal}`}`,
    ...{ retry: "permanent", code, signal, stderr: stderr.slice(-2000) }
  })

/** What is listed of files and links: each on its own line, a link's target on the next one. */
const listing = (folders: ReadonlyArray<string>): string => {
  const below = folders.map((folder) => quotePath(`./${folder}`)).join(" ")
  const links = 'for f; do printf "l %s\\n" "$f"; readlink "$f"; done'
  return [
    `find ${below} -type f -exec stat -c 'f %s %Y %a %n' {} + 2>/dev/null`,
    `find ${below} -type l -exec sh -c '${links}' sh {} + 2>/dev/null`,
    "exit 0"
  ].join("\n")
}

const withoutDot = (path: string): string => path.replace(/^(\.\/+)+/, "")

/** Reads a listing. A name with a line break makes lines that say nothing: such a file is not found. */
const parseListing = (text: string): ReadonlyArray<Entry> => {
  const lines = text.split("\n")
  return lines.flatMap((line, index): ReadonlyArray<Entry> => {
    const file = /^f (\d+) (\d+) ([0-7]+) (.+)$/.exec(line)
    if (file) {
      const [, size, changed, mode = "0", path = ""] = file
      const rest = { size: Number(size), changed: Number(changed), mode: Number.parseInt(mode, 8), target: null }
      return [{ path: withoutDot(path), type: "file", ...rest }]
    }
    const link = /^l (.+)$/.exec(line)?.[1]
    const target = lines[index + 1]
    if (link === undefined || target === undefined) return []
    return [{ path: withoutDot(link), type: "link", size: 0, changed: 0, mode: 0o777, target }]
  })
}

/** The files and links below some folders of a folder on the machine; none where that is not there. */
export const remoteTree = (
  link: Link,
  root: string,
  folders: ReadonlyArray<string> = ["."]
): Effect.Effect<ReadonlyArray<Entry>, SshError> =>
  Effect.gen(function* () {
    const script = `cd ${quotePath(root)} 2>/dev/null || exit 0\n${listing(folders)}`
    const done = yield* exec(link, script)
    return done.code === 0 ? parseListing(done.stdout) : yield* copyFailed("Listing the files", done)
  })
