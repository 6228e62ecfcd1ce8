import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { clouds as listed } from "@anygpu/clouds"
import { build } from "esbuild"
import { describe, expect, test } from "vitest"
import type { Io } from "./io.ts"
import { childEnv } from "./testing/child-env.ts"
import { runIn } from "./testing/terminal.ts"
import { acmeServer, acmeUser } from "./testing/third-party.ts"

const apiKey = "acme-key-5b1e77"
const entry = { package: "@acme/anygpu", export: "acme", apiKeyEnv: "ACME_TOKEN" }

const source = fileURLToPath(new URL("./bin.ts", import.meta.url))

/** The command as it is shipped: with a core and an Effect of its own inside, beside those of the package. */
const bundle = async () => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-bundle-"))
  await build({
    ...{ entryPoints: [source], outdir: folder, outExtension: { ".js": ".mjs" }, logLevel: "error" },
    ...{ bundle: true, splitting: true, minify: true, keepNames: true, format: "esm", platform: "node" },
    conditions: ["anygpu-source"],
    external: ["cpu-features", "*.node"],
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url),__dirname=import.meta.dirname;'
    }
  })
  const env = { NODE_COMPILE_CACHE: join(folder, "compiled") }
  return { bin: join(folder, "bin.mjs"), env, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

/** One call in a process of its own: there Node loads the package as it does for a user. */
const call = async (
  { env, cwd, bin = source }: { readonly env: Io["env"]; readonly cwd?: string; readonly bin?: string },
  ...argv: ReadonlyArray<string>
) => {
  const child = spawn(process.execPath, ["--conditions=anygpu-source", bin, ...argv], {
    ...(cwd && { cwd }),
    env: { ...childEnv, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
  return { code, stdout, stderr }
}

describe("a cloud of somebody else's package", () => {
  test.each(["the sources", "what is shipped"])(
    "is there in every command of %s",
    async (what) => {
      using shipped = what === "what is shipped" ? await bundle() : undefined
      using server = await acmeServer(apiKey)
      using user = acmeUser({ ...entry, baseUrl: server.url, options: { plan: "small" } })
      const anygpu = async (...argv: ReadonlyArray<string>) => {
        const { code, stdout, stderr } = await call(
          { ...shipped, env: { ...shipped?.env, ...user.env, ACME_TOKEN: apiKey } },
          ...argv,
          "--json"
        )
        expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: "" })
        return JSON.parse(stdout)
      }
      expect(await anygpu("offers", "h100", "--cloud", "acme")).toMatchObject({
        offers: [{ ref: "acme/vm/o1", pricePerHour: { amount: "2.5", currency: "USD" } }]
      })
      const wish = ["--image", "ubuntu", "--name", "job", "--for", "1h", "--yes"]
      const launched = await anygpu("launch", "acme/vm/o1", ...wish)
      expect(launched).toMatchObject({ machine: { ref: "acme/vm/m1", status: "running" } })
      expect(server.machines.size).toBe(1)
      expect(await anygpu("list")).toMatchObject({ machines: [{ ref: "acme/vm/m1", name: "job" }] })
      expect(await anygpu("show", "job")).toMatchObject({ ref: "acme/vm/m1" })
      const shell = await call({ env: user.env }, "__complete", "zsh", "show", "")
      expect(shell.stdout).toBe("acme/vm/m1\tjob\n")
      const { checks } = await anygpu("doctor", "--cloud", "acme")
      expect(checks).toContainEqual(expect.objectContaining({ about: "acme", check: "login", state: "ok" }))
      expect(checks).toContainEqual(expect.objectContaining({ about: "acme", check: "network", state: "ok" }))
      expect(await anygpu("terminate", "acme/vm/m1", "--yes")).toMatchObject({ ended: [{ ref: "acme/vm/m1" }] })
      expect(server.machines.size).toBe(0)
    },
    120_000
  )

  test("refuses a wrong key as its own cloud does", async () => {
    using server = await acmeServer(apiKey)
    using user = acmeUser({ ...entry, baseUrl: server.url, options: { plan: "small" } })
    const { code, stderr } = await call({ env: { ...user.env, ACME_TOKEN: "wrong-key-9a" } }, "offers", "--json")
    expect(code).toBe(3)
    expect(JSON.parse(stderr).error).toMatchObject({ tag: "Unauthenticated", provider: "acme" })
    expect(stderr).not.toContain("wrong-key-9a")
  })

  test("is not loaded from the working directory, which may be anybody's", async () => {
    using project = acmeUser(entry)
    using user = acmeUser(entry)
    rmSync(user.package, { recursive: true })
    const env = { ...user.env, ACME_TOKEN: apiKey }
    for (const { folder } of [user, project]) {
      const { code, stderr } = await call({ env, cwd: folder }, "list")
      expect(stderr).toContain(`is not installed in ${user.folder}`)
      expect(code).not.toBe(0)
    }
  }, 240_000)
})

test("completion offers its name beside those of anygpu", async () => {
  using user = acmeUser(entry)
  const { stdout } = await runIn({ env: user.env }, "__complete", "zsh", "offers", "--cloud", "")
  expect(stdout).toBe([...listed.map(({ name }) => name), "acme"].map((name) => `${name}\t\n`).join(""))
})

const odd = { ...entry, package: "@acme/anygpu/odd" }

describe("what is wrong with an entry is said before anything is sent", () => {
  test.each([
    [{ ...entry, package: "@acme/none" }, "adapters.acme.package: @acme/none is not installed", "npm install --prefix"],
    [{ ...entry, package: "@acme/anygpu/deep" }, "has no such entry", "@acme/anygpu/deep"],
    [{ ...odd, export: "strikt" }, "exports no function strikt", "number, renamed, stranger, strict, unfinished, vast"],
    [{ ...odd, export: "number" }, "answers no cloud, which has { name, kinds, native }, but a number"],
    [{ ...odd, export: "later" }, "but a promise"],
    [{ ...odd, export: "nameless" }, "but an object with kinds, whose `name` is undefined"],
    [{ ...odd, export: "kindless" }, "but a cloud without any kind"],
    [{ ...odd, export: "unfinished" }, "`kinds.vms` is not a provider of acme made by defineProvider"],
    [{ ...odd, export: "stranger" }, "`kinds.vms` is not a provider of acme"],
    [{ ...odd, export: "renamed" }, "the cloud of @acme/anygpu/odd is called acme-two: call the entry so too"],
    [{ ...odd, export: "vast" }, "the cloud of @acme/anygpu/odd is called vast"],
    [{ ...odd, export: "strict", options: { plan: "huge" } }, "failed: no plan huge for the key [API key]"],
    [{ ...entry, package: "../elsewhere.js" }, "adapters.acme names no npm package", "config.json"],
    [{ ...entry, package: "@acme/../../x" }, "adapters.acme names no npm package"],
    [{ ...entry, package: "fs" }, "adapters.acme names no npm package"],
    [{ ...entry, package: "node:fs" }, "adapters.acme names no npm package"],
    [{ ...entry, options: { apiKey: "s3cret" } }, "adapters.acme has apiKey among its options", "config.json"],
    [{ ...entry, key: "s3cret" }, "adapters.acme has an unknown field", "config.json"]
  ])("%j", async (adapter, ...said) => {
    using user = acmeUser(adapter)
    const { code, stdout, stderr } = await runIn({ env: { ...user.env, ACME_TOKEN: apiKey } }, "list")
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    for (const words of said) expect(stderr).toContain(words)
    expect(stderr).not.toContain("s3cret")
    expect(stderr).not.toContain(apiKey)
  })

  test.each([
    ["vast", "adapters.vast is the name of a cloud that anygpu has itself"],
    ["Acme Cloud", "is no name"]
  ])("the name %s", async (name, said) => {
    using user = acmeUser(entry, name)
    const { code, stderr } = await runIn({ env: { ...user.env, ACME_TOKEN: apiKey } }, "list")
    expect(code).toBe(2)
    expect(stderr).toContain(said)
  })

  test("a key that is nowhere: it is not left out in silence", async () => {
    using user = acmeUser(entry)
    const missing = await runIn({ env: { ...user.env, VAST_API_KEY: "another" } }, "list")
    expect(missing.code).toBe(3)
    expect(missing.stderr).toContain("No API key for acme: set ACME_TOKEN")
    expect(missing.stderr).toContain('{ "adapters": { "acme": { "apiKey": "..." } } }')
    using plain = acmeUser({ package: "@acme/anygpu" }, "acme-eu")
    expect((await runIn({ env: plain.env }, "list")).stderr).toContain("ACME_EU_API_KEY")
  })

  test("a key that is asked for is kept in its entry", async () => {
    using user = acmeUser({ ...odd, export: "number" })
    const typed = [
      ["API key of acme", `${apiKey}\r`],
      ["readable by you alone?", "y\r"]
    ] as const
    expect((await runIn({ env: user.env, columns: 100, typed }, "list")).code).toBe(2)
    const kept = { adapters: { acme: { ...odd, export: "number", apiKey } } }
    expect(JSON.parse(readFileSync(user.config, "utf8"))).toEqual(kept)
  })

  test("doctor says it beside what else it finds", async () => {
    using user = acmeUser({ ...entry, package: "@acme/none" })
    const { code, stdout } = await runIn({ env: { ...user.env, ACME_TOKEN: apiKey } }, "doctor", "--json")
    expect(code).toBe(14)
    const acme = JSON.parse(stdout).checks.filter(({ about }: { about: string }) => about === "acme")
    expect(acme).toMatchObject([
      { check: "key", state: "ok", found: "from ACME_TOKEN" },
      { check: "settings", state: "bad", found: expect.stringContaining("@acme/none is not installed") }
    ])
    const without = JSON.parse((await runIn({ env: user.env }, "doctor", "--json")).stdout).checks
    expect(without).toContainEqual(expect.objectContaining({ about: "acme", check: "key", state: "bad" }))
  })

  test("a cloud that is nowhere", async () => {
    using user = acmeUser(entry)
    const { code, stderr } = await runIn({ env: user.env }, "list", "--cloud", "acmee")
    expect(code).toBe(2)
    expect(stderr).toContain(
      `"acmee" is no cloud that is here. Allowed choices are ${[...listed.map(({ name }) => name), "acme"].join(", ")}.`
    )
  })
})

describe.skipIf(process.platform === "win32")("code that others could have put there is not loaded", () => {
  const list = (user: ReturnType<typeof acmeUser>) => runIn({ env: { ...user.env, ACME_TOKEN: apiKey } }, "list")

  test("a config file that others can read or write", async () => {
    for (const mode of [0o602, 0o620, 0o644]) {
      using user = acmeUser({ ...odd, export: "number" })
      chmodSync(user.config, mode)
      const { code, stderr } = await list(user)
      expect(code).toBe(3)
      expect(stderr).toContain("chmod 600")
    }
  })

  test.each(["odd.js", ".", "..", "../.."])("a package in which everybody can write: %s", async (path) => {
    using user = acmeUser({ ...odd, export: "number" })
    chmodSync(join(user.package, path), 0o777)
    const { code, stderr } = await list(user)
    expect(code).toBe(3)
    expect(stderr).toContain(`${join(user.package, path)} can be written by everybody (mode 777): it is not loaded`)
  })

  test.skipIf(process.getuid?.() !== 0)("a config file or a package of another user", async () => {
    using user = acmeUser({ ...odd, export: "number" })
    chownSync(join(user.package, "odd.js"), 12_345, 12_345)
    expect((await list(user)).stderr).toContain("odd.js belongs to another user: it is not loaded")
    chownSync(user.config, 12_345, 12_345)
    expect(await list(user)).toMatchObject({ code: 3, stdout: "" })
    expect((await list(user)).stderr).toContain("names code to load and belongs to another user")
  })
})
