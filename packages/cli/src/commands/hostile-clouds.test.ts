import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import type { TerminalOptions } from "../testing/terminal.ts"

type Fetch = NonNullable<NonNullable<TerminalOptions["fetch"]>[string]>

const mark = "\u001b[2J\u001b]0;title\u0007\u009b31m\r\nEVIL\u202e\u200b\u2066\u007f"
const names =
  /^(?:gpu_name|gpu_model|model|label|name|hostname|geolocation|region|status_msg|country|city|image|comment|msg|message|error|detail)$/

/** The same JSON, in which whatever people named ends in what a terminal obeys. */
const spoiled = (value: unknown, field = ""): unknown => {
  if (typeof value === "string") return names.test(field) ? `${value}${mark}` : value
  if (Array.isArray(value)) return value.map((inner) => spoiled(inner, field))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spoiled(inner, name)]))
}

const spoiling =
  (fetch: Fetch): Fetch =>
  async (url, init) => {
    const answer = await fetch(url, init)
    const { status, headers } = answer
    const text = await answer.text()
    if (!headers.get("content-type")?.includes("json")) return new Response(text || null, { status, headers })
    return new Response(JSON.stringify(spoiled(JSON.parse(text))), { status, headers })
  }

const refusing: Fetch = async () =>
  new Response(JSON.stringify({ success: false, error: `bad${mark}`, msg: `wrong${mark}`, message: `no${mark}` }), {
    status: 400,
    headers: { "content-type": "application/json", "x-request-id": "r-1" }
  })

const all = (make: (cloud: "fluence" | "huddle" | "vast") => Fetch): TerminalOptions => ({
  fetch: { fluence: make("fluence"), huddle: make("huddle"), vast: make("vast") }
})

const asked = (ref: string) => [
  ["offers", "--limit", "3"],
  ["offers", "--kind", "cpu-vm", "--limit", "3"],
  ["compare", "--for", "1h", "--limit", "3"],
  ["compare", "--for", "1h", "--limit", "3", "--csv"],
  ["list"],
  ["show", ref],
  ["cost", ref, "--for", "1h"],
  ["keys"],
  ["images"],
  ["audit"],
  ["balance"],
  ["volumes"],
  ["ssh", ref, "--print"],
  ["rename", ref, "other"],
  ["terminate", ref, "--yes"]
]

// biome-ignore lint/suspicious/noControlCharactersInRegex: the command's own colours
const colours = /\u001b\[\d{1,2}m/g
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

const harmless = (text: string, columns: number | undefined): void => {
  const lines = (columns === undefined ? text : text.replace(colours, "")).split("\n")
  expect(lines.filter((line) => unseen.test(line) || line.startsWith("EVIL"))).toEqual([])
}

test.each(["names", "refusals"])(
  "what clouds write in %s does nothing to the terminal, by any command",
  async (where) => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const world = all((cloud) => (where === "names" ? spoiling(clouds.simulators[cloud].fetch) : refusing))
    let shown = ""
    for (const call of asked(String(ref))) {
      for (const columns of [undefined, 100]) {
        const { stdout, stderr } = await clouds.runWith({ ...world, ...(columns && { columns }) }, ...call)
        harmless(stdout, columns)
        // A terminal has a spinner on it, which moves the cursor.
        if (columns === undefined) harmless(stderr, columns)
        shown += stdout + stderr
      }
      if (call.includes("--csv")) continue
      const { stdout, stderr } = await clouds.runWith(world, ...call, "--json")
      for (const text of [stdout, stderr]) harmless(text, undefined)
      if (stdout !== "") JSON.parse(stdout)
    }
    expect(shown).toContain("EVIL")
  },
  60_000
)
