import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** An `xdg-open` that writes down what it was to open; `env` makes a command find it. */
export const fakeBrowser = (folder: string) => {
  const [bin, opened] = [join(folder, "browser-bin"), join(folder, "opened")]
  mkdirSync(bin, { recursive: true })
  for (const name of ["xdg-open", "open"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$1" >> "${opened}"\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return {
    env: { PATH: `${bin}:/usr/bin:/bin` },
    opened: (): ReadonlyArray<string> => (existsSync(opened) ? readFileSync(opened, "utf8").trim().split("\n") : [])
  }
}
