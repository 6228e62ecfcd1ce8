import { execFile } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { clouds } from "@anygpu/clouds"
import { simulateClouds } from "@anygpu/clouds/simulated"
import { createClock } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import { compare, inMillis, median } from "./measure.ts"

/*
 * What further clouds cost: `compare` over all of them against the slowest one alone, each of which takes its time to answer;
 * and the import of the SDK with the whole list against the same with one cloud described, in the processor's
 * time. Each in turns, in one run.
 *
 *   all-clouds.ts         15 rounds of each
 *   all-clouds.ts 31      more of them
 */

const mostTimesSlowest = 1.1
const mostTimesOne = 1.1
const rounds = Number(process.argv[2] ?? 15)
const job = { duration: "3 hours" } as const

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const run = promisify(execFile)

let failed = false
const report = (name: string, ratio: number, limit: number, detail: string): void => {
  failed ||= ratio > limit
  console.log(`${name.padEnd(24)} ${ratio.toFixed(2)}x of ${limit}x  ${detail}${ratio > limit ? "  TOO SLOW" : ""}`)
}

/** Every cloud, simulated: the first takes 800 ms for an answer, each of the others 400. */
const openSlowly = () => {
  const { simulators, open } = simulateClouds({ clock: createClock({ mode: { speed: 1 } }), rateLimits: false })
  const all = Object.values(simulators)
  return open({
    fetch: async (url, init) => {
      const { origin } = new URL(url)
      const index = all.findIndex(
        (one) => one.origin === origin || one.urls.some((pattern) => pattern.startsWith(origin))
      )
      await sleep(index === 0 ? 800 : 400)
      const simulator = all[index]
      if (!simulator) throw new Error(`no cloud is at ${origin}`)
      return simulator.fetch(url, init)
    }
  })
}

const compareAll = async () => {
  const opened = await openSlowly()
  const times: Array<{ readonly name: string; readonly gpu: ReturnType<typeof createGpu>; readonly took: number }> = []
  for (const cloud of opened) {
    const gpu = createGpu({ clouds: [cloud] })
    await gpu.compare({ job })
    const start = performance.now()
    await gpu.compare({ job })
    times.push({ name: cloud.name, gpu, took: performance.now() - start })
  }
  const [slowest] = times.toSorted((one, other) => other.took - one.took)
  if (!slowest) throw new Error("there is no cloud")
  const all = createGpu({ clouds: opened })
  const { ours, theirs, best } = await compare(
    () => all.compare({ job }),
    () => slowest.gpu.compare({ job }),
    { rounds, warmUps: 3 }
  )
  const detail = `${inMillis(ours)} for ${opened.length} clouds, ${inMillis(theirs)} for ${slowest.name} alone, the slowest; medians, and the ratio of the fastest`
  report("compare over all clouds", best, mostTimesSlowest, detail)
}

/** How many milliseconds of the processor an import takes in a process of its own. */
const importing = async (modules: ReadonlyArray<string>): Promise<number> => {
  const imports = modules.map((name) => `await import(${JSON.stringify(name)})`).join(";")
  const code = `const before = process.cpuUsage();${imports};const { user, system } = process.cpuUsage(before);console.log(user + system)`
  const { stdout } = await run(process.execPath, [...process.execArgv, "--input-type=module", "-e", code], {
    cwd: at(".")
  })
  return Number(stdout) / 1000
}

const importAll = async () => {
  const times = { all: [] as number[], one: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.all.push(await importing(["anygpu", "@anygpu/clouds"]))
    times.one.push(await importing(["anygpu", `@anygpu/${clouds[0]?.name}/cloud`]))
  }
  const [all, one] = [median(times.all), median(times.one)]
  const detail = `${inMillis(all)} of the processor with ${clouds.length} clouds in the list, ${inMillis(one)} with one; from the sources`
  report("import with all clouds", Math.min(...times.all) / Math.min(...times.one), mostTimesOne, detail)
}

await compareAll()
await importAll()
process.exit(failed ? 1 : 0)
