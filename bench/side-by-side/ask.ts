import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const run = promisify(execFile)

/** The folder of the benchmarks. */
export const home = fileURLToPath(new URL("..", import.meta.url))

/** What a process of Node's printed; it runs below `bench`, without colours, and may print much. */
export const printed = async (
  args: ReadonlyArray<string>,
  more: Readonly<Record<string, string>> = {}
): Promise<string> => {
  const env = { ...process.env, ...more, NO_COLOR: "1" }
  const { stdout } = await run(process.execPath, args, { cwd: home, env, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

/** What a program below `bench` tells as JSON, in a process of its own. */
export const ask = async <A>(program: string, ...args: ReadonlyArray<string>): Promise<A> =>
  JSON.parse(await printed(["--conditions=anygpu-source", program, ...args])) as A
