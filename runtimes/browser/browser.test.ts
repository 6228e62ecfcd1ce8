import { readFileSync } from "node:fs"
import { chromium } from "playwright-core"
import { expect, test } from "vitest"
import { bundle } from "../bundle.ts"
import { rented } from "../rented.test-support.ts"
import { findChromium, flags } from "./chromium.ts"
import { serveSite } from "./site.ts"

const executablePath = findChromium()
if (executablePath === null) console.log("browser: skipped, for no Chromium is on the PATH (or named by CHROMIUM)")

const page = `<!doctype html><title>anygpu</title><script type="module">
import { run } from "/page.js"
globalThis.run = run
</script>`

test.skipIf(executablePath === null)(
  "the SDK rents on simulated clouds in a page, by fetch and msw's service worker",
  { timeout: 240_000 },
  async () => {
    const { text, complaints } = await bundle({ code: 'export * from "./browser/page.ts"', runtime: "browser" })
    expect(complaints).toEqual([])
    const worker = readFileSync(new URL(import.meta.resolve("msw/mockServiceWorker.js")), "utf8")
    await using site = await serveSite({ "/": page, "/page.js": text, "/mockServiceWorker.js": worker })
    await using browser = await chromium.launch({ executablePath: executablePath ?? "", headless: true, args: flags })
    const tab = await browser.newPage()
    const errorsOfPage: string[] = []
    tab.on("pageerror", (error) => errorsOfPage.push(String(error)))
    await tab.goto(site.url)
    await tab.waitForFunction("globalThis.run !== undefined")
    const result = await tab.evaluate("globalThis.run()")
    expect(errorsOfPage).toEqual([])
    expect(result).toMatchObject({ ...rented, offers: 3, ofNode: [], agent: expect.stringMatching(/Chrome/) })
  }
)
