import type { Browser } from "playwright-core"
import { afterAll, beforeAll, expect } from "vitest"
import type { Page } from "../../src/static.ts"
import { executablePath, type Look, openBrowser, openTab } from "./browser.ts"
import { builtPage } from "./built.ts"
import { serveWorld } from "./fake-server.ts"
import { teamWorld, worldTime } from "./world.ts"

if (executablePath === null) console.log("dashboard: skipped, for no Chromium is on the PATH (or named by CHROMIUM)")

/** Whether tests in a browser are left out: on a computer that has none, never in CI. */
export const skipped = executablePath === null && !process.env.CI

/** The page in one browser for the tests of a group; each opens it on a world, and nothing may go wrong in it by the end. */
export const pagesOfGroup = () => {
  const group: { browser?: Browser; page?: Page } = {}
  beforeAll(async () => {
    ;[group.browser, group.page] = await Promise.all([openBrowser(), builtPage()])
  })
  afterAll(async () => {
    await group.browser?.close()
  })
  return async (look: Look, world = teamWorld()) => {
    const { browser, page } = group
    if (!browser || !page) throw new Error("the browser is not there yet")
    const site = await serveWorld(page, world)
    const { page: tab, context, complaints } = await openTab(browser, look, worldTime)
    await tab.goto(site.address)
    await tab.getByText("live", { exact: true }).waitFor()
    const close = async () => {
      await context.close()
      await site[Symbol.asyncDispose]()
      expect(complaints).toEqual([])
    }
    return { site, tab, context, [Symbol.asyncDispose]: close }
  }
}
