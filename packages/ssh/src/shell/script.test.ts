import { spawnSync } from "node:child_process"
import { describe, expect, test } from "vitest"
import { remoteShells, withoutSshd } from "../testing/sshd.ts"
import { commandScript, reader, sent } from "./script.ts"

/** The login shells that read the one command line. */
const loginShells: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ["dash", []],
  ["bash", []],
  ["busybox", ["sh"]]
]

describe.skipIf(withoutSshd).each(loginShells)("with %s as login shell", (program, before) => {
  const run = (input: string) => {
    const { stdout, status } = spawnSync(program, [...before, "-c", reader], { input })
    return { stdout: stdout.toString(), status }
  }

  test("a script runs, and what follows it is its input", () => {
    const script = commandScript("cat; exit 7", { env: { A: "1" } })
    expect(run(`${sent(script)}the input`)).toEqual({ stdout: "the input", status: 7 })
  })

  test("a script of which the end did not come is not run, wherever it was cut", () => {
    const whole = sent(commandScript("echo ran"))
    for (let length = 0; length < whole.length - 1; length++) {
      expect(run(whole.slice(0, length))).toEqual({ stdout: "", status: 255 })
    }
  })
})

test("the one command line has nothing that a login shell of another kind would read otherwise", () => {
  const inQuotes = /^exec sh -c '([^']*)'$/.exec(reader)?.[1] ?? ""
  expect(inQuotes).not.toBe("")
  expect(inQuotes).not.toMatch(/[!\n]/)
  expect(remoteShells.length).toBe(loginShells.length)
})
