import { appendFileSync, existsSync, readFileSync } from "node:fs"
import { afterAll, expect } from "vitest"

/*
 * Writes down what each test file costs the processor, where TEST_TIMES names a file: time on the wall says more of who else
 * is on the computer.
 */

/** Seconds of the processor that the ended children of this process have taken; 0 where there is no /proc. */
const ofChildren = (): number => {
  const path = "/proc/self/stat"
  if (!existsSync(path)) return 0
  const [, fields = ""] = readFileSync(path, "latin1").split(") ")
  const [user = 0, system = 0] = fields.split(" ").slice(13, 15).map(Number)
  return (user + system) / 100
}

const began = { own: process.cpuUsage(), children: ofChildren(), wall: performance.now() }

afterAll(() => {
  const { user, system } = process.cpuUsage(began.own)
  const times = {
    file: expect.getState().testPath,
    own: (user + system) / 1e6,
    children: ofChildren() - began.children,
    wall: (performance.now() - began.wall) / 1000
  }
  if (process.env.TEST_TIMES) appendFileSync(process.env.TEST_TIMES, `${JSON.stringify(times)}\n`)
})
