import { expectThat } from "./expect-that.ts"

const packages = ["anygpu", "@anygpu/core", "@anygpu/conformance", "@anygpu/simulators"]
const adapters = ["@anygpu/vast", "@anygpu/fluence", "@anygpu/huddle"]

/** Nothing but the entries can be imported, though sources and builds are there. */
export const closedDoors = async (): Promise<void> => {
  for (const name of [...packages, ...adapters]) {
    for (const path of ["dist/index.js", "src/index.ts", "dist/index", "index.js"]) {
      const code = await import(`${name}/${path}`).then(
        () => "imported",
        (error: unknown) => error instanceof Error && "code" in error && error.code
      )
      expectThat(code === "ERR_PACKAGE_PATH_NOT_EXPORTED", `${name}/${path} is not public (${code})`)
    }
  }
}
