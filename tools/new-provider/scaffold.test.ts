import { spawnSync } from "node:child_process"
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative, resolve } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { formatted, main } from "./main.ts"
import { nameProblem, register, scaffold } from "./scaffold.ts"

const root = resolve(`${import.meta.dirname}/../..`)
/** Runs a script of the workspace's own tools. */
const run = (script: string, cwd: string, ...args: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [join(root, "node_modules", script), ...args], { cwd, encoding: "utf8" })

const packages: Readonly<Record<string, string>> = {
  "@anygpu/core": "packages/core",
  "@anygpu/conformance": "packages/conformance",
  "@anygpu/simulators": "packages/simulators",
  effect: "packages/vast/node_modules/effect",
  zod: "packages/vast/node_modules/zod",
  vitest: "node_modules/vitest",
  "@types/node": "node_modules/@types/node"
}

/** What `npm install` would do, with the packages of this workspace. */
const install = (folder: string): void => {
  for (const [name, target] of Object.entries(packages)) {
    const link = join(folder, "node_modules", name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, target), link, "junction")
  }
}

interface Ran {
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly message: string
    readonly assertionResults: ReadonlyArray<{
      readonly title: string
      readonly status: string
      readonly failureMessages: ReadonlyArray<string>
    }>
  }>
}

const conditions = ["anygpu-source", "node", "import", "module", "default"]

/** Runs the tests of the package at `folder`. */
const runTests = (folder: string): Ran => {
  const resolution = { conditions, externalConditions: conditions }
  const config = { resolve: { conditions }, ssr: { resolve: resolution }, test: { include: ["src/**/*.test.ts"] } }
  writeFileSync(join(folder, "vitest.config.mjs"), `export default ${JSON.stringify(config)}\n`)
  const output = join(folder, "results.json")
  run("vitest/vitest.mjs", folder, "run", "--reporter=json", `--outputFile=${output}`)
  return JSON.parse(readFileSync(output, "utf8"))
}

describe("a new package", () => {
  let folder = ""
  let ran: Ran
  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), "new-provider-")), "moon-base")
    expect(main(["moon-base", "--kind", "container", "--standalone", folder])).toBe(0)
    install(folder)
    ran = runTests(folder)
  }, 240_000)
  afterAll(() => rmSync(dirname(folder), { recursive: true, force: true }))

  const resultsOf = (file: string) =>
    ran.testResults.find(({ name }) => name.endsWith(`/src/${file}`))?.assertionResults ?? []

  test("compiles, strictly", () => {
    const { stdout } = run("typescript/bin/tsc", folder, "-p", folder, "--customConditions", "anygpu-source")
    expect(stdout).toBe("")
  }, 240_000)

  test("is formatted as this repository is", () => {
    for (const file of globSync("**/*.ts", { cwd: join(folder, "src") })) {
      const text = readFileSync(join(folder, "src", file), "utf8")
      expect(formatted(text), file).toBe(text)
    }
  })

  test("bears its name everywhere", () => {
    for (const file of globSync("{*,src/**/*}.{ts,json,md}", { cwd: folder })) {
      expect(readFileSync(join(folder, file), "utf8"), file).not.toMatch(/newcloud|\bvms\b|"vm"/i)
    }
    expect(readFileSync(join(folder, "src/index.ts"), "utf8")).toMatch(
      /Cloud<\s*"moon-base",\s*\{ readonly containers:/
    )
    expect(readFileSync(join(folder, "src/index.ts"), "utf8")).toContain("export const moonBase: CloudFactory<")
  })

  test("asks for the packages in the version from which it was made", () => {
    const { version } = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8"))
    const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    for (const name of ["core", "conformance", "simulators"])
      expect(devDependencies[`@anygpu/${name}`]).toBe(`^${version}`)
    expect(peerDependencies["@anygpu/core"]).toBe(`^${version}`)
  })

  test("says each thing that is to be written in a red test of its own", () => {
    const left = resultsOf("unwritten.test.ts")
    expect(left.filter(({ status }) => status !== "failed")).toEqual([])
    const titles = left.map(({ title }) => title.replace(/:\d+ {2}/, ": ")).sort()
    expect(titles).toMatchInlineSnapshot(`
      [
        "src/cloud.ts: for each list and single machine the fields that are not used, and the words that are known: describeCloud says how",
        "src/conformance.test-support.ts: answers(status, body) as the cloud refuses when the offer is gone",
        "src/conformance.test-support.ts: answers(status, body) as the cloud refuses when there is too little money",
        "src/conformance.test-support.ts: answers(status, body) as the cloud says that there is no such machine",
        "src/conformance.test-support.ts: the machines in an answer, of a list and of a read: [...rowsAt(body, list), ...rowsAt(body)]",
        "src/conformance.test-support.ts: the offers in an answer: rowsAt(body, list); and below a field of both rows",
        "src/conformance.test-support.ts: which path is of one machine: that of a list, a part, and no more",
        "src/conformance.test-support.ts: which request rents: method === "POST" && path === "/v1/machines"",
        "src/endpoints.ts: the route in place of /unwritten/end/{id}",
        "src/endpoints.ts: the route in place of /unwritten/list",
        "src/endpoints.ts: the route in place of /unwritten/offers",
        "src/endpoints.ts: the route in place of /unwritten/rent",
        "src/endpoints.ts: the route in place of /unwritten/show/{id}",
        "src/from-domain.ts: the request that rents, its fields in wire.RentBody, its options in launchOptions",
        "src/index.ts: the header in which the cloud takes its key; and below its address",
        "src/lifecycle.ts: the field of a machine that says its state, and below a row for each documented state",
        "src/testing/simulator.ts: how the cloud refuses when the offer is gone: ({ status, json })",
        "src/testing/simulator.ts: the cloud's words for a machine that boots, that is up and that is gone",
        "src/testing/simulator.ts: the routes; then what is answered where no route is: ({ status: 404, json })",
        "src/testing/simulator.ts: what a machine costs by its state: { compute, storage }, in units per millisecond",
        "src/testing/simulator.ts: whether the key stands where the cloud wants it: bearerIn(incoming) === apiKey, or a header",
        "src/to-domain.test.ts: a documented machine, and below what it is here",
        "src/to-domain.test.ts: a documented offer, and below what it is here",
        "src/to-domain.ts: how a machine is reached: sshEndpoint(host, port, user, route), ports, urls",
        "src/to-domain.ts: how the cloud charges: step, minimum, disk, traffic; null where that is not documented",
        "src/to-domain.ts: the GPUs of an offer, as { ...canonicalGpu(name), count, vramMiB }; null without a GPU",
        "src/to-domain.ts: the name of a machine and the marker in it: splitMarker(name)",
        "src/to-domain.ts: what an offer and a machine cost per hour, as money(amount); null where none is named",
        "src/to-domain.ts: whether an offer can be had; "unknown" where the cloud does not say",
      ]
    `)
  })

  test("has a conformance run that is red only with what is to be written", () => {
    const results = resultsOf("conformance.test.ts")
    const red = results.filter(({ status }) => status === "failed")
    for (const { title, failureMessages } of red) expect(failureMessages[0], title).toMatch(/^Error: to write: src\//)
    expect(red.length).toBeGreaterThan(results.length / 2)
    // What needs nothing of the cloud's own: what is absent, the factory, and the table of states.
    const green = results.filter(({ status }) => status === "passed").map(({ title }) => title)
    const needsNothing = /^(capabilities|factory|lifecycle): |^offers: a wrong filter/
    expect(green.filter((title) => !needsNothing.test(title))).toEqual([])
    expect(green).toContain("lifecycle: every row of the table can be reached")
  })
})

describe("what it cannot make", () => {
  test.each([
    [[], 2],
    [["Acme"], 2],
    [["acme", "other"], 2],
    [["acme", "--kind", "toaster"], 2],
    [["acme", "--standalone", import.meta.dirname], 1],
    [["vast"], 1],
    [["acme", "--what"], 1]
  ])("%j", (argv, code) => {
    const before = readFileSync(join(root, "tsconfig.json"), "utf8")
    expect(main(argv)).toBe(code)
    expect(readFileSync(join(root, "tsconfig.json"), "utf8")).toBe(before)
  })

  test("a name is small letters and digits, joined by -", () => {
    expect(["acme", "acme-2", "a1"].map(nameProblem)).toEqual([null, null, null])
    for (const name of ["", "a--b", "-a", "a-", "2a", "a_b", "a/b", "../a"])
      expect(nameProblem(name)).toContain("no name")
  })
})

test("a package of this repository is known to its checks and to the list of clouds", () => {
  const copy = mkdtempSync(join(tmpdir(), "new-provider-root-"))
  try {
    const lists = ["packages/clouds", "bench"].flatMap((folder) => [
      `${folder}/tsconfig.json`,
      `${folder}/package.json`
    ])
    const known = ["tsconfig.json", "turbo.json", ...lists]
    for (const file of known) cpSync(join(root, file), join(copy, file))
    const made = { license: "the license", version: "1.2.3" }
    const plan = { name: "acme", kind: "vm", folder: join(copy, "packages/acme"), place: "workspace" } as const
    const files = scaffold(plan, made).map((file) => relative(plan.folder, file))
    expect(files).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "package.json", "tsconfig.json", "tsup.config.ts"])
    )
    expect(() => scaffold(plan, made)).toThrow("is there already")
    for (let times = 0; times < 2; times++) register(copy, "acme")
    const { references } = JSON.parse(readFileSync(join(copy, "tsconfig.json"), "utf8"))
    expect(references.filter(({ path }: { path: string }) => path === "packages/acme")).toHaveLength(1)
    const { tasks } = JSON.parse(readFileSync(join(copy, "turbo.json"), "utf8"))
    expect(tasks["//#packages"].dependsOn).toContain("@anygpu/acme#build")
    const clouds = JSON.parse(readFileSync(join(copy, "packages/clouds/package.json"), "utf8"))
    expect(clouds.dependencies["@anygpu/acme"]).toBe("workspace:*")
    const listed = JSON.parse(readFileSync(join(copy, "packages/clouds/tsconfig.json"), "utf8"))
    expect(listed.references.filter(({ path }: { path: string }) => path === "../acme")).toHaveLength(1)
    const bench = JSON.parse(readFileSync(join(copy, "bench/package.json"), "utf8"))
    expect(bench.dependencies["@anygpu/acme"]).toBe("workspace:*")
    const built = JSON.parse(readFileSync(join(copy, "bench/tsconfig.json"), "utf8"))
    expect(built.references.filter(({ path }: { path: string }) => path === "../packages/acme")).toHaveLength(1)
    for (const file of ["tsconfig.json", "tsup.config.ts"]) {
      const own = readFileSync(join(plan.folder, file), "utf8")
      expect(own, file).toBe(readFileSync(join(root, "packages/vast", file), "utf8"))
    }
  } finally {
    rmSync(copy, { recursive: true })
  }
})
