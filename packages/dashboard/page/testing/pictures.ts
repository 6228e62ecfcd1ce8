/*
 * Writes the pictures of the docs: the screens Now and Market, wide and narrow, light and dark, of a world that is made up and the
 * same in every run.
 *
 *   pictures.ts [folder]
 */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { openBrowser, openTab } from "./browser.ts"
import { builtPage } from "./built.ts"
import { serveWorld } from "./fake-server.ts"
import { teamWorld, worldTime } from "./world.ts"

const folder = process.argv[2] ?? join(import.meta.dirname, "../../../../docs/public")

const screens = {
  now: { hash: "#/now", sign: "checkpoint-box" },
  market: {
    hash: "#/market?gpu=h100&count=&minVram=&for=6h&disk=100GB&egress=100GB",
    sign: "Price history",
    phone: "Price history"
  }
}

await mkdir(folder, { recursive: true })
await using site = await serveWorld(await builtPage(), teamWorld())
await using browser = await openBrowser()
for (const theme of ["light", "dark"] as const) {
  for (const width of [1440, 390] as const) {
    const { page: tab, context } = await openTab(browser, { width, theme }, worldTime)
    await tab.goto(site.address)
    for (const [screen, { hash, sign }] of Object.entries(screens)) {
      await tab.goto(`${site.url}${hash}`)
      await tab.getByText(sign).first().waitFor()
      await tab.locator("svg.chart").first().waitFor()
      // The drawing of what has just come.
      await tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
      await tab.screenshot({ path: join(folder, `dashboard-${screen}-${width}-${theme}.png`) })
    }
    await context.close()
  }
}
