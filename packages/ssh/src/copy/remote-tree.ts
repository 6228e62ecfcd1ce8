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

/**
 * Lists files, folders and links: each on its own line, a link's target on the next one.
 *
 * - GNU's `find` prints all by itself, which takes a fifth of the time that `stat` takes besides.
 */
const listing = (folders: ReadonlyArray<string>): string => {
  const below = folders.map((folder) => quotePath(`./${folder}`)).join(" ")
  const printed = (letter: string) => `-type ${letter} -printf '${letter} %s %T@ %m %p\\n'`
  const byGnu = `${printed("f")} -o ${printed("d")} -o -type l -printf 'l %p\\n%l\\n'`
  const statOf = (letter: string) => `-type ${letter} -exec stat -c '${letter} %s %Y %a %n' {} +`
  const links = 'for f; do printf "l %s\\n" "$f"; readlink "$f"; done'
  const byStat = `${statOf("f")} -o ${statOf("d")} -o -type l -exec sh -c '${links}' sh {} +`
  return [
    "if find . -prune -printf '' > /dev/null 2>&1",
    `then find ${below} ${byGnu}`,
    `else find ${below} ${byStat}`,
    "fi 2> /dev/null",
    "exit 0"
  ].join("\n")
}

const withoutDot = (path: string): string => path.replace(/^(\.\/+)+/, "")

/** Reads a listing. A name with a line break makes lines that say nothing: such a file is not found. */
const parseListing = (text: string): ReadonlyArray<Entry> => {
  const lines = text.split("\n")
  return lines.flatMap((line, index): ReadonlyArray<Entry> => {
    const file = /^([fd]) (\d+) (\d+)(?:\.\d+)? ([0-7]+) (.+)$/.exec(line)
    if (file) {
      const [, letter, size, changed, mode = "0", path = ""] = file
      const rest = { changed: Number(changed), mode: Number.parseInt(mode, 8), target: null }
      return letter === "f"
        ? [{ path: withoutDot(path), type: "file", size: Number(size), ...rest }]
        : [{ path: withoutDot(path), type: "directory", size: 0, ...rest }]
    }
    const link = /^l (.+)$/.exec(line)?.[1]
    const target = lines[index + 1]
    if (link === undefined || target === undefined) return []
    return [{ path: withoutDot(link), type: "link", size: 0, changed: 0, mode: 0o777, target }]
  })
}

/** The files, folders and links below some folders of a folder on the machine; none where that is not there. */
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
