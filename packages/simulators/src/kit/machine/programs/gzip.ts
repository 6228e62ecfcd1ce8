import { gunzipSync, gzipSync } from "node:zlib"
import { release, share } from "../descriptor.ts"
import type { Program } from "../shell/spawn.ts"
import { opened, openIn, pathIn, readAll, say } from "../system.ts"

/** `gzip`, `gunzip` and `zcat`, from the input to the output or in place of a file. */
export const gzip: Program = async (process, argv) => {
  const names = argv.slice(1).filter((word) => !word.startsWith("-"))
  const flags = argv
    .slice(1)
    .filter((word) => word.startsWith("-"))
    .join("")
  const opens = argv[0] !== "gzip" || flags.includes("d")
  const change = (bytes: Buffer) => (opens ? gunzipSync(bytes) : gzipSync(bytes))
  if (names.length === 0) {
    await say(process, change(await readAll(process, opened(process, 0))))
    return 0
  }
  for (const name of names) {
    const path = pathIn(process, name)
    const from = share(openIn(process, name))
    const bytes = change(await readAll(process, from).finally(() => release(from)))
    if (flags.includes("c") || argv[0] === "zcat") {
      await say(process, bytes)
      continue
    }
    process.machine.files.save(opens ? path.replace(/\.gz$/, "") : `${path}.gz`, bytes)
    if (!flags.includes("k")) process.machine.files.remove(path)
  }
  return 0
}
