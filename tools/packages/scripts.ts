import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** Scripts that package managers run by themselves, when a package is installed, packed or published. */
const lifecycle: ReadonlySet<string> = new Set([
  ...["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare", "dependencies"],
  ...["prepack", "postpack", "prepublish", "prepublishOnly", "publish", "postpublish", "pnpm:devPreinstall"]
])

/** Every script of ours that would run without being asked for: neither what is published nor this repository has one. */
export const checkScripts = (root: string): ReadonlyArray<string> =>
  globSync(["package.json", "*/package.json", "packages/*/package.json"], { cwd: root }).flatMap((path) => {
    const { scripts = {} }: { readonly scripts?: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(join(root, path), "utf8")
    )
    const running = Object.keys(scripts).filter((name) => lifecycle.has(name))
    return running.map((name) => `${path} has the script ${name}, which runs by itself: call it by another name`)
  })
