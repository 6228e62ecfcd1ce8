import { makeProcess, type Process } from "../process.ts"
import { execute, type Program, runIn, waitFor } from "../shell/spawn.ts"
import { linesOf } from "./text.ts"

/** Runs a program as a child, and waits for it. */
export const runChild = async (process: Process, argv: ReadonlyArray<string>, env = process.env): Promise<number> => {
  const child = makeProcess(process.machine, { parent: process, argv, env, cwd: process.cwd, open: process.open })
  runIn(child, () => execute(child, argv, env))
  return (await waitFor(process, child)) ?? 0
}

/** `xargs`: runs a program with what the input names. */
export const xargs: Program = async (process, argv) => {
  const flags = argv.slice(1)
  const words: string[] = []
  let [each, zero, place] = [Number.POSITIVE_INFINITY, false, ""]
  while (flags[0]?.startsWith("-") === true) {
    const flag = flags.shift() ?? ""
    if (flag === "-0") zero = true
    else if (flag.startsWith("-n")) each = Number(flag.slice(2) || flags.shift())
    else if (flag.startsWith("-I")) place = flag.slice(2) || (flags.shift() ?? "")
    else if (flag.startsWith("-P")) void (flag.slice(2) || flags.shift())
  }
  words.push(...(flags.length > 0 ? flags : ["echo"]))
  const [lines] = await linesOf(process, [])
  const items = zero
    ? lines.join("\n").split("\0").filter(Boolean)
    : place !== ""
      ? lines
      : lines.flatMap((line) => line.split(/\s+/)).filter(Boolean)
  let code = 0
  if (place !== "") {
    for (const item of items)
      if (
        (await runChild(
          process,
          words.map((word) => word.replaceAll(place, item))
        )) !== 0
      )
        code = 123
    return code
  }
  for (let at = 0; at < items.length || at === 0; at += each) {
    const part = items.slice(at, Number.isFinite(each) ? at + each : undefined)
    if ((await runChild(process, [...words, ...part])) !== 0) code = 123
    if (!Number.isFinite(each)) break
  }
  return code
}
