import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { parseWords } from "@anygpu/operations/run"
import fc from "fast-check"
import { afterAll, describe, expect, test } from "vitest"
import type { Options } from "./catalogue/entry.ts"
import { workloadOptions } from "./command/fields.ts"
import { readArguments } from "./command/read.ts"
import type { Io } from "./io.ts"
import { workloadOf } from "./workload.ts"

const folder = mkdtempSync(join(tmpdir(), "anygpu-workload-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ioWith = (input = "", env: Readonly<Record<string, string>> = {}) => {
  const stdin = new PassThrough()
  stdin.end(input)
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  return { stdin, stdout, stderr, env, signal: new AbortController().signal }
}

describe("the words of a command", () => {
  const word = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(..."ab1 \t'\"\\$*") })
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

  test("are what was quoted", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        expect(parseWords(words.map(quoted).join(" "), "--command")).toEqual(words)
      })
    )
  })

  test.each([
    ["python train.py --lr 0.1"],
    [`sh -c 'echo "a b" > /tmp/x'`],
    [`a\\ b "c \\"d\\" \\\\ e" f'g'h ""`],
    [`"it's" 'say "hi"'`]
  ])("of %s are a shell's", (text) => {
    const shell = spawnSync("sh", ["-c", `printf '%s\\n' ${text}`], { encoding: "utf8" })
    expect(parseWords(text, "--command")).toEqual(shell.stdout.slice(0, -1).split("\n"))
  })

  test.each(["say 'hi", 'say "hi', "say hi\\", " "])("of %s are refused", (text) => {
    expect(() => parseWords(text, "--command")).toThrow("--command")
  })
})

/** The workload that options on a command line describe. */
const workloadIn = async (raw: Options, io: Io) =>
  workloadOf(await readArguments(workloadOptions, [], { args: [], raw }, { io, now: () => 0 }), io)

describe("a workload", () => {
  test("takes variables from files, from here and from options", async () => {
    const path = join(folder, "env")
    writeFileSync(path, "# a comment\nA=1\n\nB=two words # kept\r\nFROM_HERE\nC=file\n")
    const io = ioWith("", { FROM_HERE: "here", D: "d" })
    const { env } = await workloadIn({ envFile: [path], env: ["C=a,b=c", "D", "E="] }, io)
    expect(env).toEqual({ A: "1", B: "two words # kept", FROM_HERE: "here", C: "a,b=c", D: "d", E: "" })
  })

  test("reads ports, scripts and a login whose host the image names", async () => {
    const script = join(folder, "start.sh")
    writeFileSync(script, "#!/bin/sh\necho up\n")
    const options = {
      ...{ image: "ghcr.io/me/api:2", port: ["8000,53/udp", "80/HTTP"], onStart: script },
      ...{ registryUser: "me", registryPasswordStdin: true }
    }
    expect(await workloadIn(options, ioWith("s3cret\n"))).toEqual({
      image: "ghcr.io/me/api:2",
      ports: [{ port: 8000 }, { port: 53, protocol: "udp" }, { port: 80, protocol: "http" }],
      onStart: "#!/bin/sh\necho up\n",
      registry: { host: "ghcr.io", username: "me", password: "s3cret" }
    })
    const { registry } = await workloadIn({ ...options, image: "me/api" }, ioWith("s3cret"))
    expect(registry?.host).toBe("docker.io")
  })

  test.each([
    [{ env: ["NOT_THERE"] }, "--env: NOT_THERE has no value here"],
    [{ env: ["=x"] }, "--env: a variable is written"],
    [{ envFile: ["/no/such/file"] }, "--env-file: /no/such/file cannot be read"],
    [{ port: ["0"] }, "--port"],
    [{ port: ["70000"] }, "--port"],
    [{ port: ["80/ftp"] }, "--port"],
    [{ onStart: "/no/such/file" }, "--on-start"],
    [{ image: "a", registryPasswordStdin: true }, "--registry-user"],
    [{ image: "a", registryUser: "me" }, "--registry-password-stdin"],
    [{ registryUser: "me", registryPasswordStdin: true }, "--registry-host"],
    [{ image: "a", registryUser: "me", registryPasswordStdin: true }, "nothing on standard input"]
  ])("%j is refused", async (options, message) => {
    await expect(workloadIn(options, ioWith())).rejects.toThrow(message)
  })
})
