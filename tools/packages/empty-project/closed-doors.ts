import { readdirSync } from "node:fs"
import { expectThat } from "./expect-that.ts"

/** Every package of ours that npm installed, in the folder above the built program. */
const scoped = readdirSync(new URL("../node_modules/@anygpu", import.meta.url)).map((name) => `@anygpu/${name}`)

/** Nothing but the entries can be imported, though sources and builds are there. */
export const closedDoors = async (): Promise<void> => {
  expectThat(scoped.length > 1, "the packages are installed")
  for (const name of ["anygpu", ...scoped]) {
    for (const path of ["dist/index.js", "src/index.ts", "dist/index", "index.js"]) {
      const code = await import(`${name}/${path}`).then(
        () => "imported",
        (error: unknown) => error instanceof Error && "code" in error && error.code
      )
      expectThat(code === "ERR_PACKAGE_PATH_NOT_EXPORTED", `${name}/${path} is not public (${code})`)
    }
  }
}
