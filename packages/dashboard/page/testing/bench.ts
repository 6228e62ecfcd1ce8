/*
 * How heavy and how quick the page is: its size, when it is drawn, and what scrolling and searching cost with 1,000 machines and
 * 30,000 offers. Each figure stands beside its goal.
 *
 *   bench.ts [--loads 15] [--machines 1000] [--offers 30000]
 *
 * - Page, server and browser share this computer: take it when nothing else runs.
 */
import { parseArgs } from "node:util"
import { executablePath, openBrowser, openTab, type Tab } from "./browser.ts"
import { builtPage } from "./built.ts"
import { serveWorld } from "./fake-server.ts"
import { greatWorld, teamWorld } from "./world.ts"

const { values } = parseArgs({
  options: {
    loads: { type: "string", default: "15" },
    machines: { type: "string", default: "1000" },
    offers: { type: "string", default: "30000" }
  }
})
const [loads, machines, offers] = [Number(values.loads), Number(values.machines), Number(values.offers)]
if (executablePath === null) throw new Error("no Chromium is on the PATH, and CHROMIUM names none")

const median = (all: ReadonlyArray<number>): number =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN

const line = (what: string, value: number, unit: string, goal: number) =>
  console.log(
    `${what.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit}  goal ${goal} ${unit}${value <= goal ? "" : "  MISSED"}`
  )

/** Notes when the first row with data stands in the page. */
const watchForData = `requestAnimationFrame(function look() {
  if (document.querySelector("main tbody th")) globalThis.dataAt = performance.now()
  else requestAnimationFrame(look)
})`

/** Milliseconds of script that an action costs in a page. */
const scriptOf = async (tab: Tab, act: () => Promise<unknown>): Promise<number> => {
  const devtools = await tab.context().newCDPSession(tab)
  // Time of the processor: what else the computer does is not in it.
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" })
  const spent = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics")
    return metrics.find(({ name }) => name === "ScriptDuration")?.value ?? Number.NaN
  }
  const before = await spent()
  await act()
  await tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
  const cost = (await spent()) - before
  await devtools.detach()
  return cost * 1000
}

/** The dearest step of scrolling through a table, and of typing into its search. */
const steps = async (tab: Tab, table: string, search: string, words: string) => {
  const box = tab.locator(table)
  const scrolls: number[] = []
  for (let step = 1; step <= 12; step += 1) {
    scrolls.push(await scriptOf(tab, () => box.evaluate(`(box) => { box.scrollTop = ${step} * 1500 }`)))
  }
  const keys: number[] = []
  await tab.getByLabel(search).focus()
  for (const key of words) keys.push(await scriptOf(tab, () => tab.keyboard.press(key)))
  return { scroll: Math.max(...scrolls), filter: Math.max(...keys) }
}

const page = await builtPage()
const size = [...page.values()].reduce((sum, { bytes, gzip }) => sum + (gzip ?? bytes).length, 0)
line("page, gzipped: HTML, script with charts, style", size / 1000, "kB", 35)

const browser = await openBrowser()
const paints: number[] = []
const data: number[] = []
{
  await using site = await serveWorld(page, teamWorld())
  for (let load = 0; load < loads; load += 1) {
    const { page: tab, context } = await openTab(browser, { width: 1440, theme: "light" })
    await tab.addInitScript(watchForData)
    await tab.goto(site.address)
    await tab.locator("main tbody th").first().waitFor()
    const times = await tab.evaluate(
      "[performance.getEntriesByName('first-contentful-paint')[0]?.startTime, globalThis.dataAt]"
    )
    const [paint, at] = Array.isArray(times) ? times.map(Number) : []
    if (paint !== undefined && at !== undefined) {
      paints.push(paint)
      data.push(at)
    }
    await context.close()
  }
}
line(`first paint, median of ${loads}`, median(paints), "ms", 350)
line(`first data, median of ${loads}`, median(data), "ms", 500)

await using site = await serveWorld(page, greatWorld(machines, offers))
const { page: tab } = await openTab(browser, { width: 1440, theme: "light" })
await tab.goto(site.address)
await tab.getByRole("button", { name: "worker-0000", exact: true }).waitFor()
const now = await steps(tab, "section.scroll", "Find machines", "worker-09")
line(`a scroll through ${machines} machines, script`, now.scroll, "ms", 100)
line(`a letter of a search in ${machines} machines, script`, now.filter, "ms", 100)
await tab.goto(`${site.url}#/market?count=&minVram=&disk=&interruptible=both`)
await tab.getByRole("button", { name: `Show all ${offers}` }).click({ timeout: 120_000 })
await tab.getByText(`${offers} for 3h`).waitFor({ timeout: 120_000 })
const market = await steps(tab, "section.scroll", "Find offers", "h100 fi vast")
line(`a scroll through ${offers} offers, script`, market.scroll, "ms", 100)
line(`a letter of a search in ${offers} offers, script`, market.filter, "ms", 100)
await browser.close()
